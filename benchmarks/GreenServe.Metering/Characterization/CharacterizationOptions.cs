using GreenServe.Metering.IdlePower;

namespace GreenServe.Metering.Characterization;

/// <summary>How meters are characterised under a known load.</summary>
public sealed record CharacterizationOptions
{
    /// <summary>Command that provides the load; it speaks the protocol given in <c>docs/metering.md</c>.</summary>
    public required string LoadCommand { get; init; }

    /// <summary>Kinds of load whose counter energy is compared with averaged power; the last one also shows what metering costs the load.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["gemm", "decode"];

    /// <summary>Length of the steady window of each kind (s).</summary>
    public double SteadySeconds { get; init; } = 15;

    /// <summary>Time from the start of a load until its window opens (s): power and averages have settled by then.</summary>
    public double SettleSeconds { get; init; } = 3;

    /// <summary>Time to look at before and after each change of load (s).</summary>
    public double AroundSeconds { get; init; } = 4;

    /// <summary>Length of a look at the refresh periods and call costs (s).</summary>
    public double ProbeSeconds { get; init; } = 2;

    /// <summary>Pairs of phases with and without metering.</summary>
    public int Pairs { get; init; } = 10;

    /// <summary>Length of a phase (s).</summary>
    public double PhaseSeconds { get; init; } = 10;

    /// <summary>How the idle baseline is taken.</summary>
    public BaselineOptions Idle { get; init; } = new();

    /// <summary>How the loaded-idle baseline is taken.</summary>
    public BaselineOptions LoadedIdle { get; init; } = new();
}
