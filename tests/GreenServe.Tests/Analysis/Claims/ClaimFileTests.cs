using GreenServe.Analysis.Claims;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Claims;

public sealed class ClaimFileTests
{
    private static string CatalogFolder => Repository.PathOf("paper-artifacts", "claims");

    [Fact]
    public void ReadAll_FindsAtLeastTwentyClaims_InTheCatalog()
    {
        IReadOnlyList<Claim> claims = ClaimFile.ReadAll(CatalogFolder);

        Assert.True(claims.Count(claim => claim.Query is not null) >= 20);
        Assert.Equal(claims.Count, claims.Select(claim => claim.Id).Distinct().Count());
        Assert.All(claims, claim => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", claim.Id));
    }

    [Fact]
    public void ReadAll_NamesEveryProblem_WithFileAndLine()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bad.yaml", """
            claims:
              - id: one
                statement: s
                source: s
                source_read: guessed
                used_in_calibration: {used: false, why: no}
                artifacts: []
                query: SELECT 1
                bound: {relation: at_least}
                rationale: r
                surprise: 1
            """);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClaimFile.ReadAll(folder.Root));

        Assert.Equal(
            ["$.claims[0].surprise", "$.claims[0].source_read"], exception.Problems.Select(problem => problem.Place).Order().Reverse());
        Assert.All(exception.Problems, problem => Assert.Equal(path, problem.File));
        Assert.Contains(exception.Problems, problem => problem.Line == 5);
    }

    [Theory]
    [InlineData("query: SELECT 1", "query and bound, or not_testable with the reason")]
    [InlineData("query: SELECT 1\n    bound: {relation: between, value: 1}", "low and high, in this order, and no value")]
    [InlineData("query: SELECT 1\n    bound: {relation: at_least, low: 1}", "a value, and neither low nor high")]
    [InlineData(
        "query: SELECT 1\n    bound: {relation: at_least, value: 1}\n    not_testable: never", "either query and bound, or not_testable")]
    [InlineData("query: SELECT 1; SELECT 2\n    bound: {relation: at_least, value: 1}", "one SELECT without a semicolon")]
    public void ReadAll_RefusesAClaim_ThatContradictsItself(string lines, string allowed)
    {
        using TemporaryFolder folder = new();
        folder.Write("bad.yaml", Document($"    {lines}\n"));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClaimFile.ReadAll(folder.Root));

        Assert.Contains(exception.Problems, problem => problem.Allowed == allowed);
    }

    [Fact]
    public void ReadAll_Refuses_WhenAnIdStandsTwice()
    {
        using TemporaryFolder folder = new();
        folder.Write("a.yaml", Document("    not_testable: never\n"));
        folder.Write("b.yaml", Document("    not_testable: never\n"));

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => ClaimFile.ReadAll(folder.Root)).Problems);

        Assert.Equal(("one", 2), (problem.Found, problem.Line));
    }

    [Fact]
    public void ReadAll_RefusesAnArtifact_ThatDoesNotExist()
    {
        using TemporaryFolder folder = new();
        folder.Write("a.yaml", Document("    artifacts: [batch-sizes]\n    not_testable: never\n"));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClaimFile.ReadAll(folder.Root));

        Assert.Contains("batch-size,", exception.Problems[0].Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAll_Refuses_WhenTheFolderIsMissing() =>
        Assert.Throws<InvalidInputException>(() => ClaimFile.ReadAll("/nowhere/at/all"));

    private static string Document(string lines) => "claims:\n  - id: one\n    statement: s\n    source: s\n    source_read: read\n"
        + "    used_in_calibration: {used: false, why: no}\n    rationale: r\n" + lines;
}
