using GreenServe.Metering.IdlePower;

namespace GreenServe.Metering.Characterization;

/// <summary>How meters are characterized under a known load.</summary>
public sealed record CharacterizationOptions
{
    /// <summary>The command that provides the load. It speaks the protocol of <c>docs/reference/load-command.md</c>.</summary>
    /// <value>A command of the system's shell. There is no default.</value>
    public required string LoadCommand { get; init; }

    /// <summary>
    /// The kinds of load whose counter energy is compared with averaged power. The last one also shows what metering costs the load.
    /// </summary>
    /// <value>Names that the command knows, at least one. The default is <c>gemm</c> and <c>decode</c>.</value>
    public IReadOnlyList<string> Kinds { get; init; } = ["gemm", "decode"];

    /// <summary>The length of the steady window of each kind in seconds.</summary>
    /// <value>A positive number. The default is 15.</value>
    public double SteadySeconds { get; init; } = 15;

    /// <summary>The time in seconds from the start of a load until its window opens. Power and averages have settled by then.</summary>
    /// <value>A positive number. The default is 3.</value>
    public double SettleSeconds { get; init; } = 3;

    /// <summary>The time in seconds to look at before and after each change of load.</summary>
    /// <value>A positive number. The default is 4.</value>
    public double AroundSeconds { get; init; } = 4;

    /// <summary>The length in seconds of a look at the refresh periods and call costs.</summary>
    /// <value>A number in [0.1, 600]. The default is 2.</value>
    public double ProbeSeconds { get; init; } = 2;

    /// <summary>The number of pairs of phases with and without metering.</summary>
    /// <value>A number of zero or more. The default is 10. With 0 the cost of metering is not measured.</value>
    public int Pairs { get; init; } = 10;

    /// <summary>The length of a phase in seconds.</summary>
    /// <value>A positive number. The default is 10.</value>
    public double PhaseSeconds { get; init; } = 10;

    /// <summary>How the idle baseline is taken.</summary>
    /// <value>The default is the default of <see cref="BaselineOptions"/>.</value>
    public BaselineOptions Idle { get; init; } = new();

    /// <summary>How the loaded-idle baseline is taken.</summary>
    /// <value>The default is the default of <see cref="BaselineOptions"/>.</value>
    public BaselineOptions LoadedIdle { get; init; } = new();
}
