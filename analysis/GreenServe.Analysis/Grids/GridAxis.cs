using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Grids;

/// <summary>An axis of experiments: a column that tells where a row stands in the grid, and how figures and texts show it.</summary>
/// <remarks>
/// The cells of an axis are numbers in most tables, and text where the values of the axis have names, such as models.
/// <see cref="Column.Legend"/> holds the words and the unit that a figure shows for the axis.
/// </remarks>
internal sealed class GridAxis : Column
{
    internal GridAxis(string name)
        : base(name)
    {
    }

    /// <summary>How figures scale it.</summary>
    /// <value>The default is linear.</value>
    public AxisScale Scale { get; init; } = AxisScale.Linear;

    /// <summary>Turns a value into the name of a series, for example <c>4</c> into <c>TP 4</c>.</summary>
    /// <value>The default gives the value itself.</value>
    internal Func<string, string> NameOf { get; init; } = value => value;

    /// <summary>Whether its names are long, so that figures break them into lines.</summary>
    /// <value>The default is <c>false</c>.</value>
    public bool HasLongNames { get; init; }

    /// <summary>A run's place on the axis where its experiment does not vary it, as far as its manifest tells.</summary>
    /// <value>The default tells nothing.</value>
    internal Func<RunManifest, object?> PlaceOf { get; init; } = _ => null;

    /// <summary>The axis as a column of numbers.</summary>
    public NumberColumn AsNumbers() => new(Name) { Legend = Legend };

    /// <summary>The axis as a column of text.</summary>
    public TextColumn AsText() => new(Name) { Legend = Legend };
}

/// <summary>The axes that the suite knows. An experiment may vary others: those are shown by their name.</summary>
internal static class GridAxes
{
    /// <summary>Tokens of a prompt.</summary>
    public static GridAxis InputTokens { get; } = new("input_tokens")
    {
        Legend = "Input length (tokens)",
        Scale = AxisScale.Log2,
        NameOf = value => $"{value} in",
    };

    /// <summary>Tokens of an answer.</summary>
    public static GridAxis OutputTokens { get; } = new("output_tokens")
    {
        Legend = "Output length (tokens)",
        Scale = AxisScale.Log2,
        NameOf = value => $"{value} out",
    };

    /// <summary>Sequences that are decoded together.</summary>
    public static GridAxis Batch { get; } = new("batch")
    {
        Legend = "Batch (sequences)",
        Scale = AxisScale.Log2,
        NameOf = value => $"batch {value}",
    };

    /// <summary>GPUs that share a request.</summary>
    public static GridAxis TensorParallelism { get; } = new("tensor_parallelism")
    {
        Legend = "Tensor parallelism (GPUs)",
        Scale = AxisScale.Log2,
        NameOf = value => $"TP {value}",
        PlaceOf = manifest => (double?)manifest.Knobs.TensorParallelism,
    };

    /// <summary>Clock of the GPUs.</summary>
    public static GridAxis GpuClock { get; } = new("gpu_clock_megahertz")
    {
        Legend = "GPU clock (MHz)",
        NameOf = value => $"{value} MHz",
        PlaceOf = manifest => manifest.Knobs.GpuClockMegahertz,
    };

    /// <summary>Power limit of each GPU.</summary>
    public static GridAxis PowerCap { get; } = new("power_cap_watts")
    {
        Legend = "Power cap of each GPU (W)",
        NameOf = value => $"{value} W cap",
        PlaceOf = manifest => manifest.Knobs.PowerCapWatts,
    };

    /// <summary>Requests that are sent each second.</summary>
    public static GridAxis RequestsPerSecond { get; } = new("requests_per_second")
    {
        Legend = "Offered load (requests/s)",
        Scale = AxisScale.Log10,
        NameOf = value => $"{value} requests/s",
    };

    /// <summary>Number format of the weights.</summary>
    public static GridAxis Precision { get; } = new(StandardColumns.Precision.Name)
    {
        Legend = "Number format of weights",
        Scale = AxisScale.Category,
    };

    /// <summary>Axis of the model.</summary>
    public static GridAxis Model { get; } = new(StandardColumns.Model.Name) { Legend = "Model", Scale = AxisScale.Category };

    /// <summary>Axis of the load, by the load's name.</summary>
    public static GridAxis Load { get; } = new(StandardColumns.Load.Name)
    {
        Legend = "Load",
        Scale = AxisScale.Category,
        NameOf = value => $"{value} load",
    };

    /// <summary>Axis of the request class.</summary>
    public static GridAxis Class { get; } = new(StandardColumns.Class.Name) { Legend = "Request class", Scale = AxisScale.Category };

    /// <summary>Axis of the kind of GPU.</summary>
    public static GridAxis Gpu { get; } = new(StandardColumns.Gpu.Name) { Legend = "GPU", Scale = AxisScale.Category };

    /// <summary>Axis of the workload.</summary>
    public static GridAxis Workload { get; } = new(StandardColumns.Workload.Name) { Legend = "Workload", Scale = AxisScale.Category };

    /// <summary>Axis of the policy that controls a cluster.</summary>
    public static GridAxis Policy { get; } = new("policy")
    {
        Legend = "Policy",
        Scale = AxisScale.Category,
        HasLongNames = true,
        PlaceOf = manifest => manifest.Policy?.Name,
    };

    /// <summary>Axis of the simulated cluster that serves.</summary>
    public static GridAxis Cluster { get; } = new("cluster")
    {
        Legend = "Cluster",
        Scale = AxisScale.Category,
        HasLongNames = true,
    };

    /// <summary>Axis of what is varied about a policy or its surroundings, by the name of the variation.</summary>
    public static GridAxis Variation { get; } = new("variation")
    {
        Legend = "Variation",
        Scale = AxisScale.Category,
        HasLongNames = true,
    };

    /// <summary>Weight of energy against quality in the choice of a model.</summary>
    public static GridAxis Zeta { get; } = new("zeta")
    {
        Legend = "Weight of energy against quality (zeta)",
        NameOf = value => $"zeta {value}",
    };

    /// <summary>Every axis that the suite knows.</summary>
    public static IReadOnlyList<GridAxis> All { get; } =
    [
        InputTokens, OutputTokens, Batch, TensorParallelism, GpuClock, PowerCap, RequestsPerSecond, Precision, Model, Load, Class, Gpu,
        Workload, Policy, Cluster, Variation, Zeta,
    ];

    private static readonly Dictionary<string, GridAxis> ByName = All.ToDictionary(axis => axis.Name);

    /// <summary>Whether a column is an axis that the suite knows.</summary>
    public static bool IsKnown(Column column) => ByName.ContainsKey(column.Name);

    /// <summary>The axis of a name. One that the suite does not know is shown by its name.</summary>
    public static GridAxis Of(string name) => ByName.GetValueOrDefault(name) ?? new GridAxis(name);

    /// <summary>The axis that a column is. One that the suite does not know is shown by its name.</summary>
    public static GridAxis Of(Column column) => column as GridAxis ?? Of(column.Name);
}
