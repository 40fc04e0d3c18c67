namespace GreenServe.Analysis.Metrics;

/// <summary>How an energy came to be, best first.</summary>
public enum EnergySource
{
    /// <summary>Difference of an energy counter.</summary>
    Counter,

    /// <summary>Integral of averaged power readings (trapezoid).</summary>
    AveragedPower,

    /// <summary>Sum over engine steps: a power model in simulated records.</summary>
    Steps,
}
