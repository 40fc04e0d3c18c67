using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Claims;

/// <summary>Every column that the catalog of claims reads is declared: a query with a misspelt column would never be tested.</summary>
public sealed class ClaimColumnTests
{
    public static TheoryData<string> Testable => [.. Claims.Where(claim => claim.Query is not null).Select(claim => claim.Id)];

    private static IReadOnlyList<Claim> Claims { get; } = ClaimFile.ReadAll(Repository.PathOf("paper-artifacts", "claims"));

    [Theory]
    [MemberData(nameof(Testable))]
    public void Query_FindsEveryColumn_InTheDeclaredTablesOfItsArtifacts(string id)
    {
        Claim claim = Claims.Single(one => one.Id == id);
        IEnumerable<ResultTable> tables = claim.Artifacts.SelectMany(name => SyntheticTable.Declared(ArtifactCatalog.Find(name)!));
        using ClaimDatabase database = new(tables);

        Exception? problem = Record.Exception(() => database.Query(claim.Query!, maxRows: 2));

        Assert.Null(problem);
    }

    [Fact]
    public void Evaluate_AsksEveryClaim_WhenTheTablesAreFull()
    {
        // A made-up grid of each artifact: a missing number is no mistake of the query, a failing query is.
        ResultTable[] tables = [.. ArtifactCatalog.All.SelectMany(artifact =>
        {
            ResultTable main = SyntheticTable.FullGrid(artifact);
            return artifact.Derive(main).Prepend(main);
        })];

        IReadOnlyList<ClaimResult> results = ClaimEvaluator.Evaluate(Claims, tables);

        Assert.DoesNotContain(results, result => result.NotTestedReason?.StartsWith("the query", StringComparison.Ordinal) == true);
    }
}
