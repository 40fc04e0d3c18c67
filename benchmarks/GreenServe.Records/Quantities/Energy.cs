namespace GreenServe.Records.Quantities;

/// <summary>An amount of energy.</summary>
/// <remarks>Finite; negative only as a difference. <c>default</c> is zero.</remarks>
public readonly record struct Energy : IComparable<Energy>
{
    private Energy(double joules) => Joules = joules;

    /// <summary>The energy in joules (J).</summary>
    public double Joules { get; }

    /// <summary>The energy in watt-hours (1 Wh = 3600 J).</summary>
    public double WattHours => Joules / 3600;

    /// <summary>Takes joules (J).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Energy FromJoules(double joules) =>
        double.IsFinite(joules)
            ? new(joules)
            : throw new ArgumentOutOfRangeException(nameof(joules), joules, "Energy is a finite number of joules.");

    /// <summary>Converts a count of millijoules (mJ), the unit of NVML.</summary>
    public static Energy FromMillijoules(ulong millijoules) => new(millijoules / 1e3);

    /// <summary>Converts a count of microjoules (µJ), the unit of RAPL.</summary>
    public static Energy FromMicrojoules(ulong microjoules) => new(microjoules / 1e6);

    /// <summary>Sum of two energies.</summary>
    public static Energy operator +(Energy left, Energy right) => FromJoules(left.Joules + right.Joules);

    /// <summary>Difference of two energies; may be negative.</summary>
    public static Energy operator -(Energy left, Energy right) => FromJoules(left.Joules - right.Joules);

    /// <summary>Mean power over a duration in seconds.</summary>
    public Power Over(double seconds) => Power.FromWatts(Joules / seconds);

    /// <inheritdoc />
    public int CompareTo(Energy other) => Joules.CompareTo(other.Joules);

    /// <summary>Whether the left energy is the smaller.</summary>
    public static bool operator <(Energy left, Energy right) => left.Joules < right.Joules;

    /// <summary>Whether the left energy is the larger.</summary>
    public static bool operator >(Energy left, Energy right) => left.Joules > right.Joules;

    /// <summary>Whether the left energy is not the larger.</summary>
    public static bool operator <=(Energy left, Energy right) => left.Joules <= right.Joules;

    /// <summary>Whether the left energy is not the smaller.</summary>
    public static bool operator >=(Energy left, Energy right) => left.Joules >= right.Joules;
}
