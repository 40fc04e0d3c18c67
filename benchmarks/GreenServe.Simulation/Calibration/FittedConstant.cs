namespace GreenServe.Simulation.Calibration;

/// <summary>A fitted constant with its 95 % confidence interval.</summary>
/// <param name="Constant">Which.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Before">Value in the definitions that the fit started from.</param>
public sealed record FittedConstant(CalibrationConstant Constant, double Value, double Low, double High, double Before)
{
    private const double LeastTold = 3;

    /// <summary>Whether the runs tell it at all: otherwise the interval spans more than a factor of three and the value is mostly the one before.</summary>
    public bool IsTold => Low > 0 && High / Low <= LeastTold;
}
