using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>Says in words why a setting lies outside of what was validated.</summary>
internal static class Extrapolation
{
    /// <summary>Distance from the nearest validated setting beyond which a setting is extrapolated whatever its coordinates.</summary>
    internal const double MaxDistance = 2;

    /// <summary>Factor beyond the smallest and the largest validated value that still counts as validated, for sizes and loads.</summary>
    private const double Slack = 1.5;

    /// <summary>The reason why a setting is extrapolated; <c>null</c> where it is not.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="validated">The settings that were validated in the metric; at least one.</param>
    internal static string? ReasonFor(SimulatedSetting setting, IReadOnlyList<SimulatedSetting> validated)
    {
        List<string> reasons = [];
        if (setting.Lowered is { } lowered && validated.All(other => other.Lowered is null))
        {
            reasons.Add($"at {lowered}");
        }

        if (validated.All(other => other.Engine != setting.Engine))
        {
            reasons.Add($"of the engine {setting.Engine}");
        }

        SimulatedSetting[] here = [.. validated.Where(other => other.Gpu == setting.Gpu)];
        if (here.Length == 0)
        {
            reasons.Add($"on {setting.Gpu}");
        }
        else
        {
            reasons.AddRange(OnTheGpu(setting, here));
        }

        return reasons.Count > 0 ? $"no validation {string.Join(", or ", reasons)}" : TooFar(setting, validated);
    }

    private static IEnumerable<string> OnTheGpu(SimulatedSetting setting, SimulatedSetting[] here)
    {
        string format = EnumText.Of(setting.Precision);
        SimulatedSetting[] alike = [.. here.Where(other => other.IsMixture == setting.IsMixture)];
        if (alike.Length == 0)
        {
            yield return $"of {(setting.IsMixture ? "mixtures of experts" : "dense models")} on {setting.Gpu}";
            yield break;
        }

        SimulatedSetting[] same = [.. alike.Where(other => other.Precision == setting.Precision)];
        if (same.Length == 0)
        {
            yield return $"with {format} on {setting.Gpu}";
            yield break;
        }

        if (IsOutside(setting.TensorParallelism, same, other => other.TensorParallelism, slack: 1) is { } degrees)
        {
            yield return $"at TP {setting.TensorParallelism} with {format} on {setting.Gpu} ({degrees})";
        }

        if (IsOutside(setting.WeightsPerToken / 1e9, same, other => other.WeightsPerToken / 1e9, Slack) is { } sizes)
        {
            yield return $"with {Text(setting.WeightsPerToken / 1e9)} billion weights a token on {setting.Gpu} ({sizes})";
        }

        if (IsOutside(setting.ConcurrentRequests, same, other => other.ConcurrentRequests, Slack) is { } loads)
        {
            yield return $"with {Requests(setting)} at once on {setting.Gpu} ({loads})";
        }
    }

    /// <summary>The validated range of a coordinate, where a value lies outside of it; otherwise <c>null</c>.</summary>
    private static string? IsOutside(
        double value, SimulatedSetting[] validated, Func<SimulatedSetting, double> coordinate, double slack)
    {
        (double low, double high) = (validated.Min(coordinate), validated.Max(coordinate));
        return value >= low / slack && value <= high * slack ? null
            : low == high ? $"validated: {Text(low)}"
            : $"validated: {Text(low)} to {Text(high)}";
    }

    private static string? TooFar(SimulatedSetting setting, IReadOnlyList<SimulatedSetting> validated)
    {
        if (validated.Any(other => SettingDistance.Between(setting, other) <= MaxDistance))
        {
            return null;
        }

        SimulatedSetting nearest = validated.MinBy(other => SettingDistance.Between(setting, other))!;
        return $"no validation near: the nearest is {nearest.Engine} on {nearest.Gpu}, {EnumText.Of(nearest.Precision)}, "
            + $"TP {nearest.TensorParallelism}, {Text(nearest.WeightsPerToken / 1e9)} billion weights a token, "
            + $"{Requests(nearest)} at once";
    }

    private static string Requests(SimulatedSetting setting) =>
        Text(setting.ConcurrentRequests) is var number && number == "1" ? "1 request" : $"{number} requests";

    /// <summary>A number with three digits, and all of those before the point.</summary>
    private static string Text(double value) => value.ToString(value < 100 ? "G3" : "F0", CultureInfo.InvariantCulture);
}
