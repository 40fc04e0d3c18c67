using GreenServe.Analysis.Advising;
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

    /// <summary>The part that the axis plays in a question.</summary>
    /// <value>The default is a knob.</value>
    internal AxisRole Role { get; init; } = AxisRole.Knob;

    /// <summary>The value that an operator gets who turns nothing, where the axis is a knob.</summary>
    /// <value>The default is the first value of the table.</value>
    internal DefaultPlace Default { get; init; } = DefaultPlace.First;

    /// <summary>The lowest number that the axis can have. A setting there has nothing below it.</summary>
    /// <value>The default is no limit.</value>
    internal double LowestPossible { get; init; } = double.NegativeInfinity;

    /// <summary>The highest number that the axis can have. A setting there has nothing above it.</summary>
    /// <value>The default is no limit.</value>
    internal double HighestPossible { get; init; } = double.PositiveInfinity;

    /// <summary>Whether its names are long, so that figures break them into lines.</summary>
    /// <value>The default is <c>false</c>.</value>
    public bool HasLongNames { get; init; }

    /// <summary>A run's place on the axis where its experiment does not vary it, as far as its manifest tells.</summary>
    /// <value>The default tells nothing.</value>
    internal Func<RunManifest, object?> PlaceOf { get; init; } = _ => null;

    /// <summary>
    /// A place in the words of a setting, for example <c>TP 4</c>. A value of an axis that the suite does not know stands after the name of
    /// the axis.
    /// </summary>
    /// <param name="value">The value; <c>null</c> where it is not set.</param>
    internal string InWords(string? value) => value is null ? $"{Words} not set"
        : GridAxes.IsKnown(this) ? NameOf(value)
        : $"{Words} {value}";

    /// <summary>The axis in a sentence, for example <c>GPU clock</c>.</summary>
    internal string Words => SettingText.NameOf(Name);

    /// <summary>The same axis as a figure scales it where its own scale does not suit its places.</summary>
    internal GridAxis Scaled(AxisScale scale, bool hasLongNames) => new(Name)
    {
        Legend = Legend,
        Scale = scale,
        NameOf = NameOf,
        Role = Role,
        Default = Default,
        LowestPossible = LowestPossible,
        HighestPossible = HighestPossible,
        HasLongNames = hasLongNames,
        PlaceOf = PlaceOf,
    };

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
        Role = AxisRole.Input,
        Legend = "Input length (tokens)",
        Scale = AxisScale.Log2,
        NameOf = value => $"{value} in",
    };

    /// <summary>Tokens of an answer.</summary>
    public static GridAxis OutputTokens { get; } = new("output_tokens")
    {
        Role = AxisRole.Input,
        Legend = "Output length (tokens)",
        Scale = AxisScale.Log2,
        NameOf = value => $"{value} out",
    };

    /// <summary>Sequences that are decoded together.</summary>
    public static GridAxis Batch { get; } = new("batch")
    {
        Default = DefaultPlace.Highest,
        LowestPossible = 1,
        Legend = "Batch (sequences)",
        Scale = AxisScale.Log2,
        NameOf = value => $"batch {value}",
    };

    /// <summary>Limit of the sequences that run at once.</summary>
    public static GridAxis MaxBatch { get; } = new("max_batch")
    {
        Default = DefaultPlace.Highest,
        LowestPossible = 1,
        Legend = "Batch limit (sequences)",
        Scale = AxisScale.Log2,
        NameOf = value => $"batch limit {value}",
    };

    /// <summary>Limit of the tokens that are processed in one step.</summary>
    public static GridAxis StepTokens { get; } = new("step_tokens")
    {
        Default = DefaultPlace.Highest,
        LowestPossible = 1,
        Legend = "Chunk size (tokens)",
        Scale = AxisScale.Log2,
        NameOf = value => $"chunk {value}",
    };

    /// <summary>GPUs that share a request.</summary>
    public static GridAxis TensorParallelism { get; } = new("tensor_parallelism")
    {
        Default = DefaultPlace.Highest,
        LowestPossible = 1,
        Legend = "Tensor parallelism (GPUs)",
        Scale = AxisScale.Log2,
        NameOf = value => $"TP {value}",
        PlaceOf = manifest => (double?)manifest.Knobs.TensorParallelism,
    };

    /// <summary>Clock of the GPUs.</summary>
    public static GridAxis GpuClock { get; } = new("gpu_clock_megahertz")
    {
        Default = DefaultPlace.HighestPossible,
        Legend = "GPU clock (MHz)",
        NameOf = value => $"{value} MHz",
        PlaceOf = manifest => manifest.Knobs.GpuClockMegahertz,
    };

    /// <summary>Power limit of each GPU.</summary>
    public static GridAxis PowerCap { get; } = new("power_cap_watts")
    {
        Default = DefaultPlace.HighestPossible,
        Legend = "Power cap of each GPU (W)",
        NameOf = value => $"{value} W cap",
        PlaceOf = manifest => manifest.Knobs.PowerCapWatts,
    };

    /// <summary>Requests that are sent each second.</summary>
    public static GridAxis RequestsPerSecond { get; } = new("requests_per_second")
    {
        Role = AxisRole.Input,
        Legend = "Offered load (requests/s)",
        Scale = AxisScale.Log10,
        NameOf = value => $"{value} requests/s",
    };

    /// <summary>Number format of the weights.</summary>
    public static GridAxis Precision { get; } = new(StandardColumns.Precision.Name)
    {
        Default = DefaultPlace.SixteenBits,
        Legend = "Number format of weights",
        Scale = AxisScale.Category,
    };

    /// <summary>Axis of the model.</summary>
    public static GridAxis Model { get; } = new(StandardColumns.Model.Name)
    {
        Role = AxisRole.Subject,
        Legend = "Model",
        Scale = AxisScale.Category,
    };

    /// <summary>Axis of the load, by the load's name.</summary>
    public static GridAxis Load { get; } = new(StandardColumns.Load.Name)
    {
        Role = AxisRole.Input,
        Legend = "Load",
        Scale = AxisScale.Category,
        NameOf = value => $"{value} load",
    };

    /// <summary>Axis of the request class.</summary>
    public static GridAxis Class { get; } = new(StandardColumns.Class.Name)
    {
        Role = AxisRole.Input,
        Legend = "Request class",
        Scale = AxisScale.Category,
    };

    /// <summary>Axis of the kind of GPU.</summary>
    public static GridAxis Gpu { get; } = new(StandardColumns.Gpu.Name)
    {
        Role = AxisRole.Subject,
        Legend = "GPU",
        Scale = AxisScale.Category,
    };

    /// <summary>Axis of the serving engine.</summary>
    public static GridAxis Engine { get; } = new(StandardColumns.Engine.Name) { Legend = "Engine", Scale = AxisScale.Category };

    /// <summary>Axis of the host that is predicted for.</summary>
    public static GridAxis Host { get; } = new("host") { Role = AxisRole.Subject, Legend = "Host", Scale = AxisScale.Category };

    /// <summary>Axis of the workload.</summary>
    public static GridAxis Workload { get; } = new(StandardColumns.Workload.Name)
    {
        Role = AxisRole.Input,
        Legend = "Workload",
        Scale = AxisScale.Category,
    };

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
        Role = AxisRole.Subject,
        Legend = "Cluster",
        Scale = AxisScale.Category,
        HasLongNames = true,
    };

    /// <summary>Axis of what is varied about a policy or its surroundings, by the name of the variation.</summary>
    public static GridAxis Variation { get; } = new("variation")
    {
        Role = AxisRole.Subject,
        Legend = "Variation",
        Scale = AxisScale.Category,
        HasLongNames = true,
    };

    /// <summary>Weight of energy against quality in the choice of a model.</summary>
    public static GridAxis Zeta { get; } = new("zeta")
    {
        LowestPossible = 0,
        HighestPossible = 1,
        Legend = "Weight of energy against quality (zeta)",
        NameOf = value => $"zeta {value}",
    };

    /// <summary>Axis of a comparison: the set of records that a run belongs to, by its label.</summary>
    public static GridAxis ComparedSet { get; } = new("compared_set")
    {
        Legend = "Set",
        Scale = AxisScale.Category,
        Role = AxisRole.Subject,
    };

    /// <summary>Every axis that the suite knows.</summary>
    public static IReadOnlyList<GridAxis> All { get; } =
    [
        InputTokens, OutputTokens, Batch, MaxBatch, StepTokens, TensorParallelism, GpuClock, PowerCap, RequestsPerSecond, Precision, Model,
        Load, Class, Gpu, Engine, Host, Workload, Policy, Cluster, Variation, Zeta, ComparedSet,
    ];

    private static readonly Dictionary<string, GridAxis> ByName = All.ToDictionary(axis => axis.Name);

    /// <summary>Whether a column is an axis that the suite knows.</summary>
    public static bool IsKnown(Column column) => IsKnown(column.Name);

    /// <summary>Whether the suite knows an axis of a name.</summary>
    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    /// <summary>The axis of a name. One that the suite does not know is shown by its name.</summary>
    public static GridAxis Of(string name) => ByName.GetValueOrDefault(name) ?? new GridAxis(name) { Legend = AxisLegend.Of(name) };

    /// <summary>The axis that a column is. One that the suite does not know is shown by its name.</summary>
    public static GridAxis Of(Column column) => column as GridAxis ?? Of(column.Name);
}
