namespace GreenServe.Workloads.Randomness;

/// <summary>Natural logarithm, exponential function and powers, computed by additions, multiplications and divisions alone.</summary>
/// <remarks>
/// The platform's own functions differ in the last bit between machines, and schedules and simulated results may not. IEEE 754 fixes the
/// four basic operations and the square root exactly, so these functions give the same bits everywhere. Their relative error is below 4e-16
/// for a logarithm away from 1 and an exponential of a moderate argument. Tests compare them with the platform's functions.
/// </remarks>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01; // 33 leading bits: exact when multiplied by a small integer.
    private const double Ln2Low = 1.90821492927058770002e-10;  // The rest of ln 2.

    /// <summary>The natural logarithm of a positive, finite, normal number.</summary>
    public static double Log(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh((m-1)/(m+1)); |s| < 0.172, so the 12th term is below 1e-19.
        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double sum = 0;
        for (int term = 23; term >= 3; term -= 2)
        {
            sum = (sum + (1.0 / term)) * square;
        }

        return (exponent * Ln2High) + ((exponent * Ln2Low) + (2 * s) + (2 * s * sum));
    }

    /// <summary>A power of a number that is at least 0, with any exponent above 0.</summary>
    public static double Power(double value, double exponent) => value == 0 ? 0 : Exp(exponent * Log(value));

    /// <summary>The exponential function: 0 below -708, infinity above 709.</summary>
    public static double Exp(double value)
    {
        if (value < -708)
        {
            return 0;
        }

        if (value > 709)
        {
            return double.PositiveInfinity;
        }

        double count = Math.Round(value / (Ln2High + Ln2Low));
        double rest = (value - (count * Ln2High)) - (count * Ln2Low);

        // |rest| < 0.347: the 17th term of the series is below 1e-22.
        double sum = 1;
        for (int term = 16; term >= 1; term--)
        {
            sum = 1 + (rest / term * sum);
        }

        return sum * BitConverter.Int64BitsToDouble(((long)count + 1023) << 52);
    }
}
