using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>How views write the numbers of a snapshot: three digits and a unit, or why there is no number.</summary>
internal static class LiveText
{
    private const double SecondsPerMinute = 60;
    private const double SecondsPerHour = 3600;

    /// <summary>What the command does, in words.</summary>
    internal static string Of(LivePhase phase) => phase switch
    {
        LivePhase.Preparing => "preparing",
        LivePhase.WaitingForServer => "waiting for the server",
        LivePhase.MeasuringBaseline => "measuring the power without load",
        LivePhase.WarmingUp => "warming up",
        LivePhase.Measuring => "measuring",
        LivePhase.Draining => "waiting for the requests in flight",
        LivePhase.Judging => "completing the record",
        LivePhase.Simulating => "simulating",
        _ => "ended",
    };

    /// <summary>The kind of evidence, or that it is not known yet.</summary>
    internal static string Of(EvidenceKind? evidence) => evidence is { } kind ? EnumText.Of(kind) : "evidence not known yet";

    /// <summary>A stretch of time, as 0:42 or 1:02:03.</summary>
    internal static string Clock(double seconds)
    {
        long whole = (long)Math.Round(Math.Min(seconds, long.MaxValue / 2));
        long minutes = whole / (long)SecondsPerMinute % (long)SecondsPerMinute;
        return whole < SecondsPerHour
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes}:{whole % (long)SecondsPerMinute:00}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{whole / (long)SecondsPerHour}:{minutes:00}:{whole % (long)SecondsPerMinute:00}");
    }

    /// <summary>A latency with three digits, in ms below a second; a dash where there is none.</summary>
    internal static string Latency(double? seconds) => seconds switch
    {
        null => "-",
        < 1 => $"{Digits(seconds.Value * 1e3)} ms",
        _ => $"{Digits(seconds.Value)} s",
    };

    /// <summary>A count with thousands apart.</summary>
    internal static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate: three digits below a thousand, and no decimals above.</summary>
    internal static string Rate(double rate) => rate >= 1000 ? Count(rate) : Digits(rate);

    /// <summary>Power to the watt, and to a tenth below 100 W; a dash before the second reading.</summary>
    internal static string Watts(double? watts) => watts switch
    {
        null => "- W",
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{watts:0.0} W"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{watts:0} W"),
    };

    /// <summary>Three significant digits without an exponent.</summary>
    internal static string Digits(double value)
    {
        int decimals = value == 0 || !double.IsFinite(value) ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
