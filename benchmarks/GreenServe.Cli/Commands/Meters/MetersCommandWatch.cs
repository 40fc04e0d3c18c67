using System.Globalization;
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
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(0.5);

    internal static async Task RunAsync(MeterCatalog catalog, double? seconds, TextWriter output, CancellationToken cancellationToken)
    {
        MetersCommandLive live = new(catalog.Meters.Where(meter => meter.NotMeasured is null));
        RunClock clock = RunClock.Start(TimeProvider.System);
        await using PowerRecording recording = PowerRecording.Start(catalog, clock, live);
        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        bool IsOver() => cancellationToken.IsCancellationRequested || clock.Seconds >= (seconds ?? double.PositiveInfinity);
        if (!isTerminal)
        {
            while (!IsOver())
            {
                await WaitAsync(TimeSpan.FromSeconds(Math.Min(1, seconds ?? 1)), cancellationToken).ConfigureAwait(false);
                foreach ((MeterDescription meter, double? watts, _) in live.Rows())
                {
                    string value = watts?.ToString("0.0", CultureInfo.InvariantCulture) ?? "not measured";
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{clock.Seconds:0.0} s  {meter.Name}  {value} W")).ConfigureAwait(false);
                }
            }

            return;
        }

        await AnsiConsole.Live(Table(live)).StartAsync(async context =>
        {
            while (!IsOver())
            {
                await WaitAsync(RefreshInterval, cancellationToken).ConfigureAwait(false);
                context.UpdateTarget(Table(live));
            }
        }).ConfigureAwait(false);
    }

    private static Task WaitAsync(TimeSpan length, CancellationToken cancellationToken) =>
        Task.Delay(length, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private static Table Table(MetersCommandLive live)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("Meter").AddColumn("Scope").AddColumn(new TableColumn("Power").RightAligned()).AddColumn("Last minute").AddColumn("Gain error");
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
