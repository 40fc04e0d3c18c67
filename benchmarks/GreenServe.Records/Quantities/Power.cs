namespace GreenServe.Records.Quantities;

/// <summary>A rate of energy use.</summary>
/// <remarks>Finite; negative only as a difference. <c>default</c> is zero.</remarks>
public readonly record struct Power : IComparable<Power>
{
    private Power(double watts) => Watts = watts;

    /// <summary>The power in watts (W).</summary>
    public double Watts { get; }

    /// <summary>Takes watts (W).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Power FromWatts(double watts) =>
        double.IsFinite(watts)
            ? new(watts)
            : throw new ArgumentOutOfRangeException(nameof(watts), watts, "Power is a finite number of watts.");

    /// <summary>Converts a count of milliwatts (mW), the unit of NVML.</summary>
    public static Power FromMilliwatts(ulong milliwatts) => new(milliwatts / 1e3);

    /// <summary>Converts a count of microwatts (µW), the unit of hwmon.</summary>
    public static Power FromMicrowatts(ulong microwatts) => new(microwatts / 1e6);

    /// <summary>Sum of two powers.</summary>
    public static Power operator +(Power left, Power right) => FromWatts(left.Watts + right.Watts);

    /// <summary>Difference of two powers; may be negative.</summary>
    public static Power operator -(Power left, Power right) => FromWatts(left.Watts - right.Watts);

    /// <summary>Energy used at this power for a duration in seconds.</summary>
    public Energy For(double seconds) => Energy.FromJoules(Watts * seconds);

    /// <inheritdoc />
    public int CompareTo(Power other) => Watts.CompareTo(other.Watts);

    /// <summary>Whether the left power is the smaller.</summary>
    public static bool operator <(Power left, Power right) => left.Watts < right.Watts;

    /// <summary>Whether the left power is the larger.</summary>
    public static bool operator >(Power left, Power right) => left.Watts > right.Watts;

    /// <summary>Whether the left power is not the larger.</summary>
    public static bool operator <=(Power left, Power right) => left.Watts <= right.Watts;

    /// <summary>Whether the left power is not the smaller.</summary>
    public static bool operator >=(Power left, Power right) => left.Watts >= right.Watts;
}
