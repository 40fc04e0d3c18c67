namespace GreenServe.Simulation.Arithmetic;

/// <summary>
/// Powers of numbers that have the same bits on every machine. The C library's <c>pow</c>, which <see cref="Math.Pow"/> calls, differs from
/// one system to another. Products and square roots do not.
/// </summary>
internal static class PortablePower
{
    /// <summary>
    /// Bits of an exponent's fraction that count. What is beyond them changes the power of a number from 1e-6 to 1e6 by less than 2e-11 of
    /// its value.
    /// </summary>
    private const int FractionBits = 40;

    /// <summary>A power with a whole exponent, at least 0, by repeated squaring.</summary>
    internal static double Of(double value, int exponent)
    {
        double result = 1;
        for (int rest = exponent; rest > 0; rest >>= 1)
        {
            result = (rest & 1) == 1 ? result * value : result;
            value *= value;
        }

        return result;
    }

    /// <summary>
    /// A power of a number that is at least 0 with any exponent from 0 to 2147483647: the whole part by squaring, and each binary digit of
    /// the fraction by one more square root.
    /// </summary>
    internal static double Of(double value, double exponent)
    {
        int whole = (int)exponent;
        double result = Of(value, whole);
        double fraction = exponent - whole;
        double root = value;
        for (int bit = 0; bit < FractionBits && fraction > 0; bit++)
        {
            root = Math.Sqrt(root);
            fraction *= 2;
            if (fraction >= 1)
            {
                result *= root;
                fraction -= 1;
            }
        }

        return result;
    }
}
