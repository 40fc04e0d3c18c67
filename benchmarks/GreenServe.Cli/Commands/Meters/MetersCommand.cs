using System.CommandLine;
using GreenServe.Metering.Characterization;
using GreenServe.Metering.Discovery;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Meters;

/// <summary><c>greenserve meters</c>: every meter of this machine, its scope and error, or why it cannot be read.</summary>
internal static class MetersCommand
{
    private static readonly Option<string[]> MetersOption = new("--meters")
    {
        Description = $"Which meters; may be repeated. {MeterOptionsParser.Allowed}. Default: every meter of this machine, no remote one, no model.",
        HelpName = "WHICH",
        DefaultValueFactory = _ => [],
        Recursive = true,
    };

    private static readonly Option<bool> WatchOption = new("--watch") { Description = "Keep showing live values with a sparkline, until Ctrl-C or for --seconds." };

    private static readonly Option<double?> SecondsOption = new("--seconds")
    {
        Description = "How long to look at each meter, or to watch, in seconds, 0.1 to 86400. Default: 1.5 to look, no end to watch.",
        HelpName = "SECONDS",
    };

    internal static Command Create()
    {
        Command command = new("meters", "List every meter of this machine: scope, method, refresh period, error, power now, or why not.")
        {
            MetersOption,
            WatchOption,
            SecondsOption,
            MetersCommandServe.Create(),
            MetersCommandCharacterize.Create(),
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>The meters chosen on the command line. What a crashed run left changed on a GPU is restored, and said.</summary>
    internal static MeterCatalog Discover(ParseResult parsed)
    {
        MeterCatalog catalog = MeterCatalog.Discover(Options(parsed));
        foreach (string line in catalog.Notices)
        {
            parsed.InvocationConfiguration.Error.WriteLine(line);
        }

        return catalog;
    }

    internal static MeterOptions Options(ParseResult parsed) => MeterOptions.Parse(parsed.GetRequiredValue(MetersOption));

    private static IReadOnlyList<Problem> MeterProblems(ParseResult parsed)
    {
        try
        {
            _ = Options(parsed);
            return [];
        }
        catch (InvalidInputException exception)
        {
            return exception.Problems;
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        double? seconds = parsed.GetValue(SecondsOption);
        if (seconds is not (null or (>= 0.1 and <= 86_400)))
        {
            throw new InvalidInputException([new Problem("--seconds", seconds, "a number in [0.1, 86400]"), .. MeterProblems(parsed)]);
        }

        using MeterCatalog catalog = Discover(parsed);
        if (parsed.GetValue(WatchOption))
        {
            await MetersCommandWatch.RunAsync(catalog, seconds, parsed.InvocationConfiguration.Output, cancellationToken).ConfigureAwait(false);
            return ExitCode.Success;
        }

        IReadOnlyList<MeterProbeResult> found = await MeterProbe.RunAsync(catalog, Math.Min(seconds ?? 1.5, 600)).ConfigureAwait(false);
        MetersCommandTable.Write(parsed.InvocationConfiguration.Output, catalog, found);
        return found.Any(result => result.Problem is null) ? ExitCode.Success : ExitCode.Unavailable;
    }
}
