using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Metering.Characterization;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using Spectre.Console;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>The table of <c>greenserve meters</c>.</summary>
internal static class MetersCommandTable
{
    internal static void Write(TextWriter output, MeterCatalog catalog, IReadOnlyList<MeterProbeResult> found)
    {
        IAnsiConsole console = TerminalConsole.On(output);
        foreach (GpuDevice gpu in catalog.Gpus)
        {
            console.WriteLine(gpu.DescribeEnvironment());
        }

        if (found.Count > 0)
        {
            console.Write(Table(found));
        }

        WriteList(output, "Not measured:", [
            .. found.Where(result => result.Problem is not null).Select(result => (result.Meter, result.Problem!)),
            .. catalog.NotMeasured.Select(meter => (meter, meter.NotMeasured!)),
        ]);
        WriteList(output, "To know:", [
            .. found.Where(result => result.Meter.Note is not null).Select(result => (result.Meter, result.Meter.Note!)),
        ]);
        if (!found.Any(result => result.Problem is null))
        {
            output.WriteLine("No meter can be read here: energy of a run would be \"not measured\".");
        }
    }

    /// <summary>The gain error of a meter in percent. Instead of a number: the power is estimated, or nobody states an error.</summary>
    internal static string Error(MeterDescription meter) => meter switch
    {
        { IsEstimated: true } => "estimated",
        { GainErrorRatio: { } gain } => string.Create(CultureInfo.InvariantCulture, $"±{gain * 100:0.#} %"),
        _ => "not stated",
    };

    private static Table Table(IReadOnlyList<MeterProbeResult> found)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string heading in new[] { "Meter", "Scope", "Method", "Device", "Power now", "Refresh", "Call", "Gain error" })
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = heading is "Meter" or "Scope" or "Power now" or "Refresh" or "Call" });
        }

        foreach (MeterProbeResult result in found)
        {
            MeterDescription meter = result.Meter;
            table.AddRow(
            [
                Cell(meter.Name),
                Cell(EnumText.Of(meter.Scope)),
                Cell(meter.Method),
                Cell(meter.Device ?? ""),
                Cell(result.Watts is { } watts ? string.Create(CultureInfo.InvariantCulture, $"{watts:0.0} W") : "not measured"),
                Cell(Refresh(result)),
                Cell(Milliseconds(result.Cost?.P50Seconds)),
                Cell(Error(meter)),
            ]);
        }

        return table;
    }

    private static string Refresh(MeterProbeResult result)
    {
        double? seconds = result.RefreshSeconds ?? result.Meter.RefreshSeconds;
        return seconds is null ? "not seen"
            : result is { ShortestRefreshSeconds: { } shortest, LongestRefreshSeconds: { } longest }
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.#} ms ({shortest * 1e3:0.#}-{longest * 1e3:0.#})")
                : Milliseconds(seconds);
    }

    private static string Milliseconds(double? seconds) => seconds is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 1e3:0.###} ms")
        : "";

    // The lines do not go through the console, because it would break a long reason inside a word, and a search would not find it.
    private static void WriteList(TextWriter output, string heading, IReadOnlyList<(MeterDescription Meter, string Text)> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine(heading);
        foreach ((MeterDescription meter, string text) in lines)
        {
            output.WriteLine(TerminalTable.Clean($"  {meter.Name} ({EnumText.Of(meter.Scope)}): {text}"));
        }
    }

    private static Text Cell(string text) => new(text);
}
