namespace GreenServe.Engine.Models;

/// <summary>
/// The stretching of rotary positions in Llama 3.1. Frequencies with long wavelengths are divided by a factor, those with short
/// wavelengths stay as they are, and those in between are blended.
/// </summary>
/// <param name="Factor">The number by which frequencies with long wavelengths are divided, at least 1.</param>
/// <param name="LowFrequencyFactor">Wavelengths above the original context divided by this number count as long.</param>
/// <param name="HighFrequencyFactor">Wavelengths below the original context divided by this number count as short.</param>
/// <param name="OriginalContextTokens">The context with which the model was first trained, in tokens.</param>
public sealed record RopeScaling(
    double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextTokens)
{
    /// <summary>Scales an angular frequency.</summary>
    /// <param name="frequency">The frequency without stretching, in radians a position.</param>
    /// <returns>The frequency that takes its place, in radians a position.</returns>
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
