using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>The device that an exported series is about, by the labels of dcgm-exporter where they are there.</summary>
internal static class ExportedDevice
{
    /// <summary>Its name. dcgm-exporter repeats a board's power for each instance, so an instance is no device.</summary>
    internal static string NameOf(PrometheusSeries series) => series.Labels.TryGetValue("UUID", out string? uuid) && uuid.Length > 0
        ? uuid
        : string.Join(' ', series.Labels.Where(label => label.Key is not ("GPU_I_ID" or "GPU_I_PROFILE")).OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}={label.Value}"));

    /// <summary>Whether the series stands for one instance of a divided GPU.</summary>
    internal static bool IsInstance(PrometheusSeries series) => series.Labels.TryGetValue("GPU_I_ID", out string? instance) && instance.Length > 0;
}
