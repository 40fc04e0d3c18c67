using System.Text.RegularExpressions;
using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Reports;

/// <summary>
/// The sentences under figures that mean the same for all of them. A figure must also be understood alone, but on a page they are said
/// once, and what the glossary and the origin of a figure say is left out.
/// </summary>
internal sealed partial class CommonNotes
{
    private static readonly string[] General =
        ["Numbers of unlike scale", "Lines are simulated", "Dashed lines and open marks", "The error band of simulated numbers"];

    private CommonNotes(IReadOnlyList<string> sentences) => Sentences = sentences;

    /// <summary>The sentences, in the order in which the figures first say them.</summary>
    internal IReadOnlyList<string> Sentences { get; }

    /// <summary>The sentences of some figures that mean the same for all.</summary>
    internal static CommonNotes Of(IEnumerable<Figure> figures) =>
        new([.. figures.SelectMany(figure => Split(figure.Note)).Where(IsGeneral).Distinct()]);

    /// <summary>A figure whose note says only what belongs to it.</summary>
    internal static Figure Shortened(Figure figure) => figure with
    {
        Note = string.Join(' ', Split(figure.Note).Where(sentence => !IsGeneral(sentence) && !Elsewhere().IsMatch(sentence))),
    };

    private static bool IsGeneral(string sentence) => General.Any(start => sentence.StartsWith(start, StringComparison.Ordinal));

    private static string[] Split(string note) => note.Length == 0 ? [] : Sentence().Split(note);

    // A sentence ends at a stop before a capital letter.
    [GeneratedRegex(@"(?<=\.) (?=[A-Z])")]
    private static partial Regex Sentence();

    // "TTFT: time to the first token; TBT: time between tokens." is in the glossary, "Workload chat; seed 1." in the origin.
    [GeneratedRegex("^(TTFT|TBT|TPOT|E2E|SLO|p50|p99): |^Workloads? .*; seeds? ")]
    private static partial Regex Elsewhere();
}
