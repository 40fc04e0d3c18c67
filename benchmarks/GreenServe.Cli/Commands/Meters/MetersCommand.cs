using System.CommandLine;
using GreenServe.Metering.Characterization;
using GreenServe.Metering.Discovery;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Meters;

/// <summary><c>greenserve meters</c>: every meter of this machine, its scope and error, or why it cannot be read.</summary>
internal static class MetersCommand
{
    /// <summary>
    /// How long each meter is looked at unless the user says otherwise, in seconds. The slowest common refresh, 0.1 s, is then seen often.
    /// </summary>
    private const double DefaultLookSeconds = 1.5;

    /// <summary>Longest look at each meter, in seconds. <see cref="MeterProbe"/> accepts no more; only watching may take longer.</summary>
    private const double MaxLookSeconds = 600;

    private static readonly Option<string[]> MetersOption = new("--meters")
    {
        Description = $"Which meters to read: {MeterOptionsParser.Allowed}. May be repeated. "
            + "Default: every meter of this machine, no remote meter and no model.",
        HelpName = "WHICH",
        DefaultValueFactory = _ => [],
        Recursive = true,
    };

    private static readonly Option<bool> WatchOption = new("--watch")
    {
        Description = "Show live values, with a sparkline on a terminal, until Ctrl-C or for --seconds. Default: list the meters once.",
    };

    private static readonly Option<double?> SecondsOption = new("--seconds")
    {
        Description = "How long each meter is looked at, or how long to watch, in seconds, 0.1 to 86400. "
            + $"A look ends after {MaxLookSeconds} s at most. Default: {DefaultLookSeconds} to look, no end to watch.",
        HelpName = "SECONDS",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "meters",
            "List every meter of this machine with its scope, method, power now, refresh period and error, or why it cannot be read. "
            + "Exit code 3 if no meter can be read.")
        {
            MetersOption,
            WatchOption,
            SecondsOption,
            MetersCommandServe.Create(context),
            MetersCommandCharacterize.Create(context.Clock),
            MetersCommandHost.Create(context),
            MetersCommandHostProbe.Create(context.Clock),
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, context.Clock, cancellationToken));
        return command;
    }

    /// <summary>
    /// The meters chosen on the command line. If a crashed run has left settings of a GPU changed, they are restored, and a line says so.
    /// </summary>
    internal static MeterCatalog Discover(ParseResult parsed)
    {
        MeterCatalog catalog = MeterCatalog.Discover(Options(parsed));
        foreach (string line in catalog.Notices)
        {
            parsed.InvocationConfiguration.Error.WriteLine(line);
        }

        return catalog;
    }

    /// <summary>The choice of meters on the command line.</summary>
    /// <exception cref="InvalidInputException">A choice cannot be read.</exception>
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

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, CancellationToken cancellationToken)
    {
        double? seconds = parsed.GetValue(SecondsOption);
        if (seconds is not (null or (>= 0.1 and <= 86_400)))
        {
            throw new InvalidInputException([new Problem("--seconds", seconds, "a number in [0.1, 86400]"), .. MeterProblems(parsed)]);
        }

        using MeterCatalog catalog = Discover(parsed);
        if (parsed.GetValue(WatchOption))
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            await MetersCommandWatch.RunAsync(catalog, seconds, output, clock, cancellationToken).ConfigureAwait(false);
            return ExitCode.Success;
        }

        double lookSeconds = Math.Min(seconds ?? DefaultLookSeconds, MaxLookSeconds);
        IReadOnlyList<MeterProbeResult> found = await MeterProbe.RunAsync(catalog, lookSeconds).ConfigureAwait(false);
        MetersCommandTable.Write(parsed.InvocationConfiguration.Output, catalog, found);
        return found.Any(result => result.Problem is null) ? ExitCode.Success : ExitCode.Unavailable;
    }
}
