using System.Globalization;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>Says in a line what a report is about. Not escaped.</summary>
internal static class ReportTitle
{
    // More names than this are counted.
    private const int MaxNames = 2;

    /// <summary>The line, for example <c>GPU clock: llama-2-70b (bf16) on 8 x H100-80GB-SXM</c>.</summary>
    internal static string Of(ReportContent content)
    {
        ArtifactCaption[] experiments = [.. content.Captions.Where(caption =>
            ArtifactCatalog.Find(caption.Name) is not null || content.Answers.Any(answer => answer.Artifact == caption.Name))];
        if (experiments.Length == 0)
        {
            return HtmlRuns.TableOf(content) is { Rows.Count: > 0 } runs ? OfRuns(runs) : "GreenServe report";
        }

        string models = Named(experiments.SelectMany(caption => caption.Models), "models");
        string systems = Named(experiments.SelectMany(caption => caption.Systems).Select(WholeSystem), "systems");
        string what = experiments is [var only] ? only.Title : $"{Count(experiments.Length)} experiments";
        return $"{what}: {models} on {systems}";
    }

    private static string OfRuns(ResultTable table)
    {
        string models = Named(table.Rows.Select(row => row[StandardColumns.Model]).OfType<string>(), "models");
        string systems = Named(table.Rows.Select(row => row[StandardColumns.System]).OfType<string>(), "systems");
        string what = table.Rows is [var only] ? $"Run {only[StandardColumns.Run]}" : $"{Count(table.Rows.Count)} runs";
        return systems.Length > 0 ? $"{what}: {models} on {systems}" : $"{what}: {models}";
    }

    private static string Named(IEnumerable<string> names, string many)
    {
        string[] all = [.. names.Distinct()];
        return all.Length > MaxNames ? $"{Count(all.Length)} {many}" : string.Join(" and ", all);
    }

    /// <summary>A system without how much of it was used, for example of <c>2 to 8 of 8 x H100</c>.</summary>
    private static string WholeSystem(string system) =>
        system.IndexOf(" of ", StringComparison.Ordinal) is > 0 and var place && char.IsAsciiDigit(system[0])
            ? system[(place + " of ".Length)..]
            : system;

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
