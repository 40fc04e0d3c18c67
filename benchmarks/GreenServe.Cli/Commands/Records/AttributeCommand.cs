using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Tables;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve attribute</c>: where the energy of runs went.</summary>
internal static class AttributeCommand
{
    private static readonly Column[] SaidOnce =
    [
        AttributionColumns.Covers, AttributionColumns.From, AttributionColumns.To, AttributionColumns.Method, StandardColumns.Evidence,
        AttributionColumns.CarbonSource,
    ];

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly GridOptionSet Grid = new(hasAccelerators: false);

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "Folder for attribution-parts.csv, attribution-classes.csv, attribution-devices.csv and attribution-requests.csv. "
            + "Default: no files.",
        HelpName = "DIR",
    };

    internal static Command Create()
    {
        Command command = new(
            "attribute",
            "Divide the energy of runs among parts (idle, loaded-idle, prefill, decode), request classes, requests and devices.")
        {
            RecordsArgument, OutOption,
        };
        Grid.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        PriceList? prices = Grid.Read(parsed);
        RecordBatch<RunAttribution> batch = RecordBatch.Of(
            RecordSearch.In(parsed.GetRequiredValue(RecordsArgument)), folder => Attribute(folder, prices));
        Grid.RequireStart(prices, [.. batch.Items.Select(run => (run.Folder, run.StartedAt))]);
        IReadOnlyList<ResultTable> joined = AttributionTables.Join(batch.Items);
        TextWriter output = parsed.InvocationConfiguration.Output;
        foreach (ResultTable table in joined.Where(table => table.Rows.Count > 0))
        {
            Write(output, table);
        }

        if (parsed.GetValue(OutOption) is { } outFolder)
        {
            OutputFolder.Create(outFolder);
            foreach (ResultTable table in joined)
            {
                TableFile.Write(Path.Combine(outFolder, $"{table.Name}.csv"), table);
                output.WriteLine(Path.Combine(outFolder, $"{table.Name}.csv"));
            }

            if (AttributionTables.WriteRequests(batch.Items, outFolder) is { } requests)
            {
                output.WriteLine(requests);
            }
        }

        return UnreadableText.Write(parsed, batch.Problems, ExitCode.Success);
    }

    private static RunAttribution Attribute(string folder, PriceList? prices) => AttributionTables.Of(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), RunRecord.Read(folder), prices);

    private static void Write(TextWriter output, ResultTable table)
    {
        // A column without values is left out, and one with a single text stands in the title, so that the numbers fit on a screen.
        Column[] shown = [.. table.Columns.Where(column => table.Rows.Any(row => row.Text(column) is not null)
            && !(SaidOnce.Contains(column) && table.Distinct(column).Count == 1))];
        IEnumerable<string> said = table.Columns.Except(shown).Where(column => table.Distinct(column).Count == 1)
            .Select(column => $"; {column.Legend}: {TerminalTable.Clean(table.Distinct(column)[0])}");
        output.WriteLine($"{table.Name}{string.Concat(said)}");
        TerminalTable.Write(
            output,
            [.. shown.Select(column => (column is TextColumn ? "" : ">") + column.Legend)],
            table.Rows.Select(row => shown.Select(column => Cell(row, column)).ToArray()));
    }

    private static string Cell(TableRow row, Column column) =>
        column is not NumberColumn numbers ? row.Text(column) ?? ""
        : row[numbers] is not { } number ? ""
        : column.Equals(AttributionColumns.Share) ? number.ToString("0.0 %", CultureInfo.InvariantCulture)
        : NumberText.Of(number);
}
