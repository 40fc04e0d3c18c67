using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>How far a capacity plan looks, how finely, and how much it may simulate.</summary>
public sealed record CapacityOptions : IChecked
{
    /// <summary>Largest number of accelerators of a fleet.</summary>
    /// <value>From 1 to 10000; default 256.</value>
    public int MaxGpus { get; init; } = 256;

    /// <summary>Accelerators of a server, which is the unit that a policy switches on and off.</summary>
    /// <value>From 1 to 64; default 8.</value>
    public int ServerGpus { get; init; } = 8;

    /// <summary>Tensor parallelisms to choose from. Those that the model or the accelerator does not allow are passed over.</summary>
    /// <value>Each from 1 to 64; default 1, 2, 4 and 8.</value>
    public IReadOnlyList<int> TensorParallelisms { get; init; } = [1, 2, 4, 8];

    /// <summary>Clocks to choose from, as shares of the highest one. The recommended clock is always among them.</summary>
    /// <value>Each in (0, 1]; default 0.4, 0.5, 0.6, 0.7, 0.8 and 1.</value>
    public IReadOnlyList<double> ClockRatios { get; init; } = [0.4, 0.5, 0.6, 0.7, 0.8, 1];

    /// <summary>Power budgets, as shares of the power that the recommended fleet draws at most.</summary>
    /// <value>Each in (0, 1]; default 1, 0.9, 0.8, 0.7, 0.6 and 0.5.</value>
    public IReadOnlyList<double> BudgetRatios { get; init; } = [1, 0.9, 0.8, 0.7, 0.6, 0.5];

    /// <summary>Names or files of the policies to try where the load varies.</summary>
    /// <value>Default: those of the suite that make sense for one model and one SLO.</value>
    public IReadOnlyList<string> Policies { get; init; } =
    [
        "dynamollm", "throttllem", "dynamollm-scale-inst", "dynamollm-scale-freq", "break-even-sleep", "llm-d-variant-autoscaler",
        "best-static", "perfect-autoscaler", "dynamo-planner", "voltana-llm",
    ];

    /// <summary>Resolution of load factors: the next higher load is this share above a load.</summary>
    /// <value>In (0, 1]; default 0.05.</value>
    public double LoadResolutionRatio { get; init; } = 0.05;

    /// <summary>Highest load factor that is tried. The lowest is its inverse.</summary>
    /// <value>At least 1; default 32.</value>
    public double MaxLoadFactor { get; init; } = 32;

    /// <summary>Runs that decide by majority, each with a seed of its own.</summary>
    /// <value>Odd, at least 1; default 3.</value>
    public int Repetitions { get; init; } = 3;

    /// <summary>
    /// Requests above which fleets are searched for on the busiest stretch of about a third as many, and only confirmed on the whole
    /// workload.
    /// </summary>
    /// <value>At least 2; default 10000.</value>
    public int LongRequests { get; init; } = 10_000;

    /// <summary>Requests of all simulations together after which nothing more is begun.</summary>
    /// <value>At least 1; default 3000000.</value>
    public long MaxSimulatedRequests { get; init; } = 3_000_000;

    /// <summary>
    /// Time after which nothing more is begun; <c>null</c> for no limit. With a limit that is reached, the plan depends on how fast the
    /// machine is, and says so.
    /// </summary>
    /// <value>Above 0; default <c>null</c>.</value>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Receives what is being looked at, in words.</summary>
    /// <value>Default <c>null</c>.</value>
    public Action<string>? Progress { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        (string Place, double Value, bool IsAllowed, string Allowed)[] numbers =
        [
            ("$.max_gpus", MaxGpus, MaxGpus is >= 1 and <= 10_000, "a number in [1, 10000]"),
            ("$.server_gpus", ServerGpus, ServerGpus is >= 1 and <= 64, "a number in [1, 64]"),
            ("$.load_resolution_ratio", LoadResolutionRatio, LoadResolutionRatio is > 0 and <= 1, "a number in (0, 1]"),
            ("$.max_load_factor", MaxLoadFactor, MaxLoadFactor >= 1 && double.IsFinite(MaxLoadFactor), "a number of at least 1"),
            ("$.repetitions", Repetitions, Repetitions >= 1 && Repetitions % 2 == 1, "an odd number of at least 1"),
            ("$.long_requests", LongRequests, LongRequests >= 2, "a number of at least 2"),
            ("$.max_simulated_requests", MaxSimulatedRequests, MaxSimulatedRequests >= 1, "a number of at least 1"),
            ("$.max_time", MaxTime?.TotalSeconds ?? 1, MaxTime is null || MaxTime > TimeSpan.Zero, "more than 0 s"),
        ];
        return
        [
            .. numbers.Where(number => !number.IsAllowed).Select(number => new Problem(number.Place, number.Value, number.Allowed)),
            .. CheckEach("$.tensor_parallelisms", [.. TensorParallelisms], value => value is >= 1 and <= 64, "[1, 64]"),
            .. CheckEach("$.clock_ratios", ClockRatios, value => value is > 0 and <= 1, "(0, 1]"),
            .. CheckEach("$.budget_ratios", BudgetRatios, value => value is > 0 and <= 1, "(0, 1]"),
        ];
    }

    private static IEnumerable<Problem> CheckEach(string place, IReadOnlyList<double> values, Func<double, bool> isAllowed, string range) =>
        values.Select((value, index) => (value, index)).Where(item => !isAllowed(item.value))
            .Select(item => new Problem($"{place}[{item.index}]", item.value, $"a number in {range}"));
}
