namespace GreenServe.Metering.Remote;

/// <summary>One line of Prometheus' text format.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Labels">Its labels, unescaped.</param>
/// <param name="Value">Its value; may be NaN or infinite.</param>
internal sealed record PrometheusSeries(string Metric, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The device it is about. dcgm-exporter repeats a board's power for each instance, so an instance is no device.</summary>
    internal string Device => Labels.TryGetValue("UUID", out string? uuid) && uuid.Length > 0
        ? uuid
        : string.Join(' ', Labels.Where(label => label.Key is not ("GPU_I_ID" or "GPU_I_PROFILE")).OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}={label.Value}"));

    /// <summary>Whether it stands for one instance of a divided GPU.</summary>
    internal bool IsInstance => Labels.TryGetValue("GPU_I_ID", out string? instance) && instance.Length > 0;
}
