using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using Spectre.Console;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>The live view of <c>greenserve meters --watch</c>: a sparkline a meter on a terminal, lines of values elsewhere.</summary>
internal static class MetersCommandWatch
{
    /// <summary>Time between two drawings on a terminal. The eye follows it, and drawing costs next to no power.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>Time between two groups of lines where there is no terminal. The values hardly change faster.</summary>
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);

    /// <summary>Shows the meters until the time is over or the command is stopped.</summary>
    /// <param name="catalog">The meters.</param>
    /// <param name="seconds">How long to watch, in seconds; <c>null</c> for no end.</param>
    /// <param name="output">Where the values are shown.</param>
    /// <param name="time">Paces the view.</param>
    /// <param name="cancellationToken">Ends the view.</param>
    internal static async Task RunAsync(
        MeterCatalog catalog, double? seconds, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        MetersCommandLive live = new(catalog.Meters.Where(meter => meter.NotMeasured is null));
        RunClock clock = RunClock.Start(time);
        await using PowerRecording recording = PowerRecording.Start(catalog, clock, live);
        if (TerminalConsole.IsInteractive(output))
        {
            await TerminalConsole.On(output).Live(Table(live)).StartAsync(view =>
                RepeatAsync(RefreshInterval, () => view.UpdateTarget(Table(live)))).ConfigureAwait(false);
            return;
        }

        TimeSpan interval = seconds < LineInterval.TotalSeconds ? TimeSpan.FromSeconds(seconds.Value) : LineInterval;
        await RepeatAsync(interval, () => WriteLines(live, clock.Seconds, output)).ConfigureAwait(false);

        async Task RepeatAsync(TimeSpan pause, Action show)
        {
            while (!cancellationToken.IsCancellationRequested && !(clock.Seconds >= seconds))
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                show();
            }
        }
    }

    private static void WriteLines(MetersCommandLive live, double seconds, TextWriter output)
    {
        foreach ((MeterDescription meter, double? watts, _) in live.Rows())
        {
            string value = watts is { } power ? string.Create(CultureInfo.InvariantCulture, $"{power:0.0} W") : "not measured";
            output.WriteLine(TerminalTable.Clean(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s  {meter.Name}  {value}")));
        }
    }

    private static Table Table(MetersCommandLive live)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("Meter").AddColumn("Scope").AddColumn(new TableColumn("Power").RightAligned());
        table.AddColumn("Last minute").AddColumn("Gain error");
        foreach ((MeterDescription meter, double? watts, string sparkline) in live.Rows())
        {
            table.AddRow(
                new Text(meter.Name),
                new Text(EnumText.Of(meter.Scope)),
                new Text(watts is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} W") : "not measured"),
                new Text(sparkline),
                new Text(MetersCommandTable.Error(meter)));
        }

        return table;
    }
}
