using System.CommandLine;
using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Cli.Commands.Meters;

/// <summary><c>greenserve meters host</c>: how fast this host does the work that serving leaves to it.</summary>
internal static class MetersCommandHost
{
    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "File for the speed of this host as JSON, which --host-speed of run and serve simulated reads. A file of that "
            + "name is replaced. Default: no file.",
        HelpName = "FILE",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "host",
            "Measure how fast this host does the work that serving leaves to it: launch time of kernels, speed of one thread, and speed "
            + "of memory. It takes one to two seconds. A measured run does the same before it begins. Exit code 3 if nothing could be "
            + "measured.")
        {
            OutOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken)
    {
        HostSpeed speed = context.HostProbe is { } probe
            ? await probe.MeasureAsync(cancellationToken).ConfigureAwait(false)
            : HostSpeed.Unknown("this process has no probe");
        if (parsed.GetValue(OutOption) is { } path)
        {
            OutputFile.Replace(path, DocumentContract.Readable(speed));
        }

        foreach ((string name, string value) in Lines(speed))
        {
            parsed.InvocationConfiguration.Output.WriteLine(TerminalTable.Clean($"{name,-22} {value}"));
        }

        return speed.IsKnown() ? ExitCode.Success : ExitCode.Unavailable;
    }

    /// <summary>The figures in the units in which people think of them, and what was not measured.</summary>
    internal static IEnumerable<(string Name, string Value)> Lines(HostSpeed speed)
    {
        if (speed.LaunchSeconds is { } launch)
        {
            string gpu = speed.LaunchGpu ?? "an unnamed GPU";
            yield return ("kernel launch", $"{Number(launch * 1e6)} us{Spread(speed.LaunchSpreadRatio)}, empty kernels on {gpu}");
        }

        if (speed.SingleThreadOperationsPerSecond is { } operations)
        {
            yield return (
                "one thread",
                $"{Number(operations / 1e6)} million operations/s{Spread(speed.SingleThreadSpreadRatio)}, "
                    + $"of version {speed.ProbeVersion} of the probe");
        }

        if (speed.SingleThreadMemoryBytesPerSecond is { } one)
        {
            yield return ("memory, one thread", $"{Number(one / 1e9)} GB/s{Spread(speed.SingleThreadMemorySpreadRatio)}, read and written");
        }

        if (speed.MemoryBytesPerSecond is { } all)
        {
            yield return ("memory, all cores", $"{Number(all / 1e9)} GB/s{Spread(speed.MemorySpreadRatio)}, read and written");
        }

        if (speed.NotMeasured is { } reason)
        {
            yield return ("not measured", reason);
        }
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Spread(double? ratio) =>
        ratio is { } share ? string.Create(CultureInfo.InvariantCulture, $" (middle half within {100 * share:0.0} %)") : "";
}
