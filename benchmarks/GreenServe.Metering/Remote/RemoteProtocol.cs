using System.Globalization;
using System.Text.Json.Serialization;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Remote;

/// <summary>What a meter host and its reader say to each other: plain HTTP, JSON for facts, one line of text a reading.</summary>
/// <remarks>A reading is <c>meter,seconds,watts,joules</c> with one of the two empty; <c>@device,quantity,seconds,value</c> is a device's state; <c>#,seconds</c> is a sign of life; <c>!,n</c> counts readings lost.</remarks>
internal static class RemoteProtocol
{
    internal const string MetersPath = "/v1/meters";
    internal const string ClockPath = "/v1/clock";
    internal const string SamplesPath = "/v1/samples";
    internal const string TokenVariable = "GREENSERVE_METERS_TOKEN";

    /// <summary>Seconds between signs of life.</summary>
    internal const double HeartbeatSeconds = 0.5;

    internal static string Heartbeat(double seconds) => string.Create(CultureInfo.InvariantCulture, $"#,{seconds:R}\n");

    internal static string Lost(long count) => string.Create(CultureInfo.InvariantCulture, $"!,{count}\n");

    internal static string Line(PowerSample sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.Meter},{sample.Seconds:R},{sample.Watts:R},{sample.CumulativeJoules:R}\n");

    internal static string Line(DeviceReading reading) =>
        string.Create(CultureInfo.InvariantCulture, $"@{reading.Device},{reading.Quantity},{reading.Seconds:R},{reading.Value:R}\n");

    /// <summary>Reads a line of a device's state; <c>null</c> if it is none.</summary>
    internal static DeviceReading? ParseState(string line)
    {
        string[] parts = line.Split(',');
        return parts.Length == 4 && line[0] == '@' && Number(parts[2]) is { } seconds && Number(parts[3]) is { } value
            ? new DeviceReading(parts[0][1..], parts[1], seconds, value)
            : null;
    }

    /// <summary>Reads a line of a reading; <c>null</c> if it is none.</summary>
    internal static PowerSample? Parse(string line)
    {
        string[] parts = line.Split(',');
        if (parts.Length != 4 || Number(parts[1]) is not { } seconds)
        {
            return null;
        }

        double? watts = Number(parts[2]);
        double? joules = Number(parts[3]);
        return watts is null == joules is null ? null : new PowerSample(parts[0], seconds, watts, joules);
    }

    /// <summary>The number after the mark of a line such as <c>!,3</c>; <c>null</c> if there is none.</summary>
    internal static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>Answer to <see cref="MetersPath"/>.</summary>
    internal sealed record Catalog([property: JsonRequired] string Host, [property: JsonRequired] IReadOnlyList<MeterDescription> Meters);

    /// <summary>Answer to <see cref="ClockPath"/>.</summary>
    internal sealed record Clock([property: JsonRequired] double Seconds);
}
