using System.Globalization;
using System.Text.Json.Serialization;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Remote;

/// <summary>The messages between a meter host and its reader.</summary>
/// <remarks>
/// A meter host and its reader speak plain HTTP. Facts about meters are JSON, and the stream of readings is text with one line for each
/// reading.
/// A reading is <c>meter,seconds,watts,joules</c> with one of the last two empty. The state of a device is
/// <c>@device,quantity,seconds,value</c>. A sign of life is <c>#,seconds</c>. The count of readings that were lost is <c>!,n</c>.
/// </remarks>
internal static class RemoteProtocol
{
    /// <summary>Path of the meters that the host serves; answered with a <see cref="Catalog"/>.</summary>
    internal const string MetersPath = "/v1/meters";

    /// <summary>Path of the time of the host; answered with a <see cref="Clock"/>.</summary>
    internal const string ClockPath = "/v1/clock";

    /// <summary>
    /// Path of the speed of the host; answered with a <see cref="GreenServe.Records.Systems.HostSpeed"/>, or with 404 where it was not
    /// measured. Hosts of earlier versions answer 404 too.
    /// </summary>
    internal const string HostSpeedPath = "/v1/host-speed";

    /// <summary>Path of the stream of readings.</summary>
    internal const string SamplesPath = "/v1/samples";

    /// <summary>The environment variable with the secret that both hosts share.</summary>
    internal const string TokenVariable = "GREENSERVE_METERS_TOKEN";

    /// <summary>Time between two signs of life (s).</summary>
    internal const double HeartbeatSeconds = 0.5;

    /// <summary>First character of the line with the state of a device.</summary>
    internal const char StateMark = '@';

    /// <summary>First character of a sign of life.</summary>
    internal const char HeartbeatMark = '#';

    /// <summary>First character of the count of lost readings.</summary>
    internal const char LostMark = '!';

    internal static string Heartbeat(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{HeartbeatMark},{seconds:R}\n");

    internal static string Lost(long count) => string.Create(CultureInfo.InvariantCulture, $"{LostMark},{count}\n");

    internal static string Line(PowerSample sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.Meter},{sample.Seconds:R},{sample.Watts:R},{sample.CumulativeJoules:R}\n");

    internal static string Line(DeviceReading reading) => string.Create(
        CultureInfo.InvariantCulture, $"{StateMark}{reading.Device},{reading.Quantity},{reading.Seconds:R},{reading.Value:R}\n");

    /// <summary>Reads the line with the state of a device; <c>null</c> if the line is something else.</summary>
    internal static DeviceReading? ParseState(string line) =>
        line.Split(',') is [[StateMark, .. var device], var quantity, var at, var text]
            && Number(at) is { } seconds && Number(text) is { } value
            ? new DeviceReading(device, quantity, seconds, value)
            : null;

    /// <summary>Reads the line of a reading; <c>null</c> if the line is something else.</summary>
    internal static PowerSample? Parse(string line)
    {
        if (line.Split(',') is not [var meter, var at, var power, var energy] || Number(at) is not { } seconds)
        {
            return null;
        }

        double? watts = Number(power);
        double? joules = Number(energy);
        return watts is null == joules is null ? null : new PowerSample(meter, seconds, watts, joules);
    }

    /// <summary>Reads the count of lost readings; <c>null</c> if the line is something else.</summary>
    internal static long? ParseLost(string line) =>
        line.Split(',') is [[LostMark], var text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? count
            : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>The answer to <see cref="MetersPath"/>.</summary>
    /// <param name="Host">The name of the host.</param>
    /// <param name="Meters">Every meter of the host, readable or not.</param>
    internal sealed record Catalog([property: JsonRequired] string Host, [property: JsonRequired] IReadOnlyList<MeterDescription> Meters);

    /// <summary>The answer to <see cref="ClockPath"/>.</summary>
    /// <param name="Seconds">The time on the clock by which the host stamps its readings (s).</param>
    internal sealed record Clock([property: JsonRequired] double Seconds);
}
