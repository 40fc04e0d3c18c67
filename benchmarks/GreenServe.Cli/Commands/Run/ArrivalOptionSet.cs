using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that replace the arrivals of a workload by one rate or one number of users.</summary>
internal sealed class ArrivalOptionSet
{
    /// <summary>The largest rate of a workload in requests per second, and the largest number of users.</summary>
    internal const int MaxLoad = 1_000_000;

    private readonly Option<double?> rate = new Option<double?>("--rate")
    {
        Description = $"Mean arrivals in requests per second, above 0 to {MaxLoad}. Constant and gamma arrivals stay so at the other rate. "
            + "Any other arrivals become a Poisson process. Default: the workload's arrivals.",
        HelpName = "N",
    }.Require(value => value is > 0 and <= MaxLoad, $"a number in (0, {MaxLoad}]");

    private readonly Option<int?> concurrency = new Option<int?>("--concurrency")
    {
        Description = $"Number of users, 1 to {MaxLoad}. Each sends its next request when its last one has ended. "
            + "Default: the workload's arrivals.",
        HelpName = "N",
    }.Require(value => value is >= 1 and <= MaxLoad, $"a whole number in [1, {MaxLoad}]");

    internal void AddTo(Command command)
    {
        command.Add(rate);
        command.Add(concurrency);
    }

    /// <summary>A workload with the arrivals that the options ask for.</summary>
    /// <exception cref="InvalidInputException">Both options are given.</exception>
    internal Workload Apply(ParseResult parsed, Workload workload) => (parsed.GetValue(rate), parsed.GetValue(concurrency)) switch
    {
        (null, null) => workload,
        ({ } perSecond, null) => workload with { Arrival = AtRate(workload.Arrival, perSecond) },
        (null, { } users) => workload with { Arrival = WithUsers(workload.Arrival, users) },
        _ => throw new InvalidInputException(new Problem(concurrency.Name, $"also {rate.Name}", "one of them")),
    };

    private static ArrivalProcess AtRate(ArrivalProcess arrival, double perSecond) => arrival switch
    {
        ConstantArrival constant => constant with { RequestsPerSecond = perSecond },
        GammaArrival gamma => gamma with { RequestsPerSecond = perSecond },
        _ => new PoissonArrival { RequestsPerSecond = perSecond },
    };

    private static ClosedLoopArrival WithUsers(ArrivalProcess arrival, int users) =>
        arrival is ClosedLoopArrival closed ? closed with { Concurrency = users } : new ClosedLoopArrival { Concurrency = users };
}
