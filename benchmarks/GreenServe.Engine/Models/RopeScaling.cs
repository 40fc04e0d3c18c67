namespace GreenServe.Engine.Models;

/// <summary>
/// Stretching of rotary positions as Llama 3.1 does it: long wavelengths are slowed by a factor, short ones stay, those between are
/// blended.
/// </summary>
/// <param name="Factor">How much the long wavelengths are slowed, at least 1.</param>
/// <param name="LowFrequencyFactor">Wavelengths above original context / this are slowed.</param>
/// <param name="HighFrequencyFactor">Wavelengths below original context / this stay.</param>
/// <param name="OriginalContextTokens">Context the model was first trained with (tokens).</param>
public sealed record RopeScaling(
    double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextTokens)
{
    /// <summary>The angular frequency (radians a position) that takes the place of <paramref name="frequency"/>.</summary>
    public double Scale(double frequency)
    {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < OriginalContextTokens / HighFrequencyFactor)
        {
            return frequency;
        }

        if (wavelength > OriginalContextTokens / LowFrequencyFactor)
        {
            return frequency / Factor;
        }

        double smooth = ((OriginalContextTokens / wavelength) - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return ((1 - smooth) * frequency / Factor) + (smooth * frequency);
    }
}
