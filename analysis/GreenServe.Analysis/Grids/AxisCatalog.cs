using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Grids;

/// <summary>How columns look as axes: words, unit for people, scale.</summary>
public static class AxisCatalog
{
    private static readonly Dictionary<string, (string Label, AxisScale Scale)> Coordinates = new()
    {
        ["input_tokens"] = ("Input length (tokens)", AxisScale.Log2),
        ["output_tokens"] = ("Output length (tokens)", AxisScale.Log2),
        ["batch"] = ("Batch (sequences)", AxisScale.Log2),
        ["tensor_parallelism"] = ("Tensor parallelism (GPUs)", AxisScale.Log2),
        ["gpu_clock_megahertz"] = ("GPU clock (MHz)", AxisScale.Linear),
        ["power_cap_watts"] = ("Power cap of each GPU (W)", AxisScale.Linear),
        ["requests_per_second"] = ("Offered load (requests/s)", AxisScale.Log10),
        ["precision"] = ("Number format of weights", AxisScale.Category),
        ["model"] = ("Model", AxisScale.Category),
        ["load"] = ("Load", AxisScale.Category),
        ["class"] = ("Request class", AxisScale.Category),
        ["gpu"] = ("GPU", AxisScale.Category),
        ["workload"] = ("Workload", AxisScale.Category),
    };

    /// <summary>Whether a column is an axis that experiments vary.</summary>
    public static bool IsAxis(string column) => Coordinates.ContainsKey(column);

    /// <summary>Words and unit of a coordinate; an unknown one is its own name.</summary>
    public static string Label(string coordinate) =>
        Coordinates.TryGetValue(coordinate, out (string Label, AxisScale Scale) known) ? known.Label : coordinate.Replace('_', ' ');

    /// <summary>Scale of a coordinate.</summary>
    public static AxisScale Scale(string coordinate) =>
        Coordinates.TryGetValue(coordinate, out (string Label, AxisScale Scale) known) ? known.Scale : AxisScale.Linear;

    /// <summary>A series' name for a value of a coordinate, for example <c>TP 4</c> or <c>1,600 MHz</c>.</summary>
    public static string Name(string coordinate, string value) => coordinate switch
    {
        "gpu_clock_megahertz" => $"{value} MHz",
        "batch" => $"batch {value}",
        "tensor_parallelism" => $"TP {value}",
        "load" => $"{value} load",
        "power_cap_watts" => $"{value} W cap",
        "requests_per_second" => $"{value} requests/s",
        "input_tokens" => $"{value} in",
        "output_tokens" => $"{value} out",
        _ => value,
    };

    /// <summary>Quantity and unit of a metric as the label of an axis.</summary>
    public static string Label(MetricDefinition metric, string unit) => metric.Name switch
    {
        "joules_per_request" => "energy (J/request)",
        "joules_per_output_token" => "energy (J/token)",
        _ when metric.Unit == "W" => "power (W)",
        _ when metric.Unit == "s" => $"{metric.Title.Split(',')[0]} ({unit})",
        _ when unit.Length > 0 => unit,
        _ => metric.Title,
    };

    /// <summary>Factor and unit for people: latencies in milliseconds or seconds, as their size asks.</summary>
    public static (double Factor, string Unit) Display(MetricDefinition metric, IEnumerable<double> values) => metric.Unit switch
    {
        "s" => values.DefaultIfEmpty(0).Max() < 10 ? (1000, "ms") : (1, "s"),
        "" => (1, ""),
        _ => (1, metric.Unit),
    };
}
