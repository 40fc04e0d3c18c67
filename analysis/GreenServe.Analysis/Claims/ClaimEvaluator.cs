using System.Globalization;
using System.Numerics;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Queries;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>
/// Holds claims against the tables of the artifacts, for each evidence kind and each system, engine, model and precision by itself.
/// </summary>
internal static class ClaimEvaluator
{
    /// <summary>Every claim for every evidence kind and subject, in the order of the claims.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="tables">
    /// The artifacts' tables. One without a column <c>evidence</c> is left out, because its rows are of no evidence kind.
    /// </param>
    public static IReadOnlyList<ClaimResult> Evaluate(IReadOnlyList<Claim> claims, IReadOnlyList<ResultTable> tables)
    {
        ResultTable[] evident = [.. tables.Where(table => table.Has(StandardColumns.Evidence))];
        ClaimResult[] results = [.. Enum.GetValues<EvidenceKind>().SelectMany(evidence => Evaluate(claims, evidence, evident))];
        return [.. claims.SelectMany(claim => results.Where(result => result.Claim == claim))];
    }

    private static IEnumerable<ClaimResult> Evaluate(IReadOnlyList<Claim> claims, EvidenceKind evidence, ResultTable[] tables)
    {
        string name = EnumText.Of(evidence);
        ResultTable[] part = [.. tables.Select(table => table.Where(row => row[StandardColumns.Evidence] == name))
            .Where(table => table.Rows.Count > 0)];
        if (evidence == EvidenceKind.Estimated && part.Length == 0)
        {
            // Few reports hold an estimated run, and a row for each claim that nobody could have tested would say nothing.
            yield break;
        }

        IEnumerable<ClaimTest> tests = claims
            .SelectMany(claim => ClaimSubject.Of(claim, part).Select(subject => new ClaimTest(claim, subject)));

        // Tests of one subject share a database.
        foreach (IGrouping<string?, ClaimTest> group in tests.GroupBy(test => test.Subject.IsOneOfSeveral ? test.Subject.Name : null))
        {
            IReadOnlyList<ResultTable> about = group.First().Subject.Part(part);
            using ClaimDatabase database = new(about);
            HashSet<string> known = [.. about.Select(table => table.Name)];
            foreach (ClaimTest test in group)
            {
                yield return Evaluate(test.Claim, evidence, database, known) with { Subject = test.Subject.Name };
            }
        }
    }

    private static ClaimResult Evaluate(Claim claim, EvidenceKind evidence, ClaimDatabase database, HashSet<string> known)
    {
        ClaimResult result = new() { Claim = claim, Evidence = evidence, Verdict = ClaimVerdict.NotTested };
        if (claim.NotTestable is { } reason)
        {
            return result with { NotTestedReason = reason };
        }

        string[] absent = [.. claim.Artifacts.Where(artifact => !known.Contains(artifact))];
        if (absent.Length > 0)
        {
            return result with { NotTestedReason = $"no {EnumText.Of(evidence)} {string.Join(", ", absent)}" };
        }

        try
        {
            return Judge(result, database.Query(claim.Query!, maxRows: 2));
        }
        catch (QueryException exception)
        {
            return result with { NotTestedReason = $"the query fails: {exception.Message}" };
        }
    }

    private static ClaimResult Judge(ClaimResult result, ResultRows found)
    {
        if (found.Rows.Count != 1)
        {
            return result with
            {
                NotTestedReason = found.Rows.Count == 0
                    ? "the tables hold no row the query asks for"
                    : "the query returns several rows instead of one",
            };
        }

        if (Number(found.Rows[0][0]) is not { } value)
        {
            return result with { NotTestedReason = "the tables hold no number the query asks for" };
        }

        return result with
        {
            Verdict = result.Claim.Bound!.Holds(value) ? ClaimVerdict.Pass : ClaimVerdict.Fail,
            Value = value,
            Details = [.. found.Columns.Zip(found.Rows[0]).Skip(1).Select(pair => $"{pair.First} {Text(pair.Second)}")],
        };
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

    /// <summary>A claim to be held against one subject.</summary>
    private sealed record ClaimTest(Claim Claim, ClaimSubject Subject);
}
