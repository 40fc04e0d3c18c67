namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>What a user asks of a calibration.</summary>
public sealed record CalibrationOptions
{
    /// <summary>What the user states of the system in place of the records.</summary>
    /// <value>Default: nothing.</value>
    public StatedSystem Stated { get; init; } = new();

    /// <summary>The operating points that are held out.</summary>
    /// <value>Default: three tenths of them where there are eight.</value>
    public HoldOut HoldOut { get; init; } = HoldOut.Default;

    /// <summary>Whether the steps of records that have them are used.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool UsesSteps { get; init; } = true;
}
