using System.Globalization;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Formatting;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Documents;

namespace GreenServe.Cli.Commands.Advise;

/// <summary>An advice on a terminal: what to set, the finalists, what to mind, and what to copy.</summary>
internal static class AdviseText
{
    /// <summary>Width from which on every column of the finalists has room (letters).</summary>
    private const int WholeWidth = 125;

    private static readonly TableColumn[] Columns =
    [
        new("setting", true, setting => setting.Words),
        new(">GPUs", true, setting => setting.Setting.Gpus.ToString(CultureInfo.InvariantCulture)),
        new(">J/token", true, setting => Number(setting.JoulesPerOutputToken)),
        new(">J/request", false, setting => Number(setting.JoulesPerRequest)),
        new(">W", false, setting => Number(setting.MeanWatts)),
        new(">tokens/s", false, setting => Number(setting.OutputTokensPerSecond)),
        new(">of SLO", true, setting => Percent(setting.WorstRatio)),
        new(">requests", false, setting => setting.Requests.ToString("N0", CultureInfo.InvariantCulture)),
        new(">least", true, setting => setting.LeastProbability is { } share ? AdviceText.Probability(share) : "-"),
        new("", true, setting => setting.IsTied ? "tied" : ""),
    ];

    /// <summary>Writes an advice.</summary>
    internal static void Write(AdviceDocument advice, TextWriter output)
    {
        foreach (string sentence in advice.Sentences)
        {
            TerminalParagraph.Write("", sentence, output);
        }

        WriteTable("finalists", advice.Finalists, output);
        WriteTable("measured", advice.Measured, output);
        foreach (string change in advice.WorkloadChanges)
        {
            TerminalParagraph.Write("workload  ", change, output);
        }

        foreach (string warning in advice.Warnings)
        {
            TerminalParagraph.Write("mind      ", warning, output);
        }

        foreach (string sentence in advice.Capacity is { } capacity ? CapacityText.Sentences(capacity) : [])
        {
            TerminalParagraph.Write("capacity  ", sentence, output);
        }

        foreach (string sentence in advice.Verification is { } verification ? Verified(verification) : [])
        {
            TerminalParagraph.Write("verified  ", sentence, output);
        }

        TerminalParagraph.Write("searched  ", Searched(advice.Search), output);
        WriteCommands(advice, output);
    }

    /// <summary>
    /// The commands for the server that was simulated, which come first, and for the GPUs. The page has those of the other servers too.
    /// </summary>
    private static void WriteCommands(AdviceDocument advice, TextWriter output)
    {
        DeploymentSnippet[] shown = [.. advice.Commands.Where((snippet, index) => index == 0 || snippet.Undo is not null)];
        DeploymentSnippet[] others = [.. advice.Commands.Except(shown)];
        foreach (DeploymentSnippet snippet in shown)
        {
            WriteSnippet(snippet, output);
        }

        if (others.Length > 0)
        {
            output.WriteLine();
            TerminalParagraph.Write(
                "commands  ", $"the report also has those for {string.Join(", ", others.Select(snippet => snippet.Title))}.", output);
        }
    }

    private static void WriteTable(string name, IReadOnlyList<AdvisedSetting> settings, TextWriter output)
    {
        if (settings.Count == 0)
        {
            return;
        }

        bool isWide = TerminalConsole.WidthOf(output) >= WholeWidth;
        TableColumn[] shown = [.. Columns.Where(column => isWide || column.IsEssential)];
        output.WriteLine();
        output.WriteLine($"{name} ({EnumText.Of(settings[0].Evidence)}; \"of SLO\" is the worst latency over its limit)");
        TerminalTable.Write(
            output,
            [.. shown.Select(column => column.Heading)],
            settings.Select(setting => (string[])[.. shown.Select(column => column.CellOf(setting))]));
        output.WriteLine();
    }

    /// <summary>What the real server said, and what was not measured.</summary>
    private static IEnumerable<string> Verified(AdviceVerification verification) =>
    [
        verification.Finding,
        .. verification.Settings.Select(setting => $"{setting.Predicted.Words}: {Number(setting.Measured.JoulesPerOutputToken)} J/token "
            + $"{EnumText.Of(setting.Measured.Evidence)}, {Number(setting.Predicted.JoulesPerOutputToken)} predicted."),
        .. verification.NotMeasured.Select(reason => $"Not measured: {reason}."),
        .. verification.TwinFolder is { } twin ? [$"The twin that was fitted to these runs is in {twin}."] : Array.Empty<string>(),
        .. verification.NoTwinReason is { } reason ? [$"No twin was fitted: {reason}."] : Array.Empty<string>(),
    ];

    private static string Searched(AdviceSearch search) => string.Create(
        CultureInfo.InvariantCulture,
        $"{search.Simulated:N0} of {search.Possible:N0} possible settings ({search.Settings:N0} in the grid), {search.Simulations:N0} "
        + $"simulations of {search.SimulatedRequests:N0} requests in {search.Seconds:0.0} s"
        + $"{(search.IsExact ? ", every setting" : "")}.");

    /// <summary>Writes what to copy; what it cannot set, or what to mind, stands above it as comments.</summary>
    private static void WriteSnippet(DeploymentSnippet snippet, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"# {snippet.Title}");
        foreach (string line in snippet.Notes.SelectMany(note => TerminalParagraph.Lines(note, TerminalConsole.WidthOf(output) - 2)))
        {
            output.WriteLine($"# {line}");
        }

        WriteLines(snippet.Text, output);
        if (snippet.Undo is { } undo)
        {
            output.WriteLine("# to undo it");
            WriteLines(undo, output);
        }
    }

    private static void WriteLines(string text, TextWriter output)
    {
        foreach (string line in text.Split('\n'))
        {
            output.WriteLine(TerminalTable.Clean(line));
        }
    }

    private static string Number(double? value) => value is { } number ? NumberText.Rounded(number) : "-";

    private static string Percent(double? ratio) => ratio?.ToString("0 %", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A column of the table.</summary>
    /// <param name="Heading">Its heading; one that begins with <c>&gt;</c> is aligned right.</param>
    /// <param name="IsEssential">Whether a narrow terminal shows it too. The report has every column.</param>
    /// <param name="CellOf">The cell of a setting.</param>
    private sealed record TableColumn(string Heading, bool IsEssential, Func<AdvisedSetting, string> CellOf);
}
