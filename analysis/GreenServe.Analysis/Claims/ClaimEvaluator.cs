using System.Globalization;
using System.Numerics;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Queries;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>Holds claims against the tables of the artifacts, for each evidence kind and each system, engine, model and precision by itself.</summary>
public static class ClaimEvaluator
{
    /// <summary>Every claim for every evidence kind and subject, in the order of the claims.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="tables">The artifacts' tables; each has a column <c>evidence</c>.</param>
    public static IReadOnlyList<ClaimResult> Evaluate(IReadOnlyList<Claim> claims, IReadOnlyList<ResultTable> tables)
    {
        List<ClaimResult> results = [];
        foreach (EvidenceKind evidence in Enum.GetValues<EvidenceKind>())
        {
            string name = EnumText.Of(evidence);
            ResultTable[] part = [.. tables.Select(table => table.Where(row => table.Text(row, "evidence") == name)).Where(table => table.Rows.Count > 0)];
            (Claim Claim, ClaimSubject Subject)[] tests = [.. claims.SelectMany(claim => ClaimSubject.Of(claim, part).Select(subject => (claim, subject)))];
            foreach (IGrouping<string?, (Claim Claim, ClaimSubject Subject)> group in tests.GroupBy(test => test.Subject.IsOneOfSeveral ? test.Subject.Name : null))
            {
                IReadOnlyList<ResultTable> about = group.First().Subject.Part(part);
                using ClaimDatabase database = new(about);
                HashSet<string> known = [.. about.Select(table => table.Name)];
                results.AddRange(group.Select(test => Evaluate(test.Claim, evidence, database, known) with { Subject = test.Subject.Name }));
            }
        }

        return [.. claims.SelectMany(claim => results.Where(result => result.Claim == claim))];
    }

    private static ClaimResult Evaluate(Claim claim, EvidenceKind evidence, ClaimDatabase database, HashSet<string> known)
    {
        ClaimResult NotTested(string why) => new() { Claim = claim, Evidence = evidence, Verdict = ClaimVerdict.NotTested, NotTestedReason = why };
        if (claim.NotTestable is { } reason)
        {
            return NotTested(reason);
        }

        string[] absent = [.. claim.Artifacts.Where(artifact => !known.Contains(artifact))];
        if (absent.Length > 0)
        {
            return NotTested($"no {EnumText.Of(evidence)} {string.Join(", ", absent)}");
        }

        try
        {
            ResultRows found = database.Query(claim.Query!, mostRows: 2);
            return found.Rows.Count == 0 ? NotTested("the tables hold no row the query asks for")
                : found.Rows.Count > 1 ? NotTested("the query returns several rows instead of one")
                : Number(found.Rows[0][0]) is not { } value ? NotTested("the tables hold no number the query asks for")
                : new ClaimResult
                {
                    Claim = claim,
                    Evidence = evidence,
                    Verdict = claim.Bound!.Holds(value) ? ClaimVerdict.Pass : ClaimVerdict.Fail,
                    Value = value,
                    Details = [.. found.Columns.Zip(found.Rows[0]).Skip(1).Select(pair => $"{pair.First} {Text(pair.Second)}")],
                };
        }
        catch (QueryException exception)
        {
            return NotTested($"the query fails: {exception.Message}");
        }
    }

    private static double? Number(object? value)
    {
        double? number = value switch
        {
            null => null,
            bool flag => flag ? 1 : 0,
            BigInteger whole => (double)whole,
            string => null,
            IConvertible convertible => convertible.ToDouble(CultureInfo.InvariantCulture),
            _ => null,
        };
        return number is { } known && double.IsFinite(known) ? known : null;
    }

    private static string Text(object? value) => Number(value) is { } number ? NumberText.Of(number) : value?.ToString() ?? "none";
}
