namespace GreenServe.Records;

/// <summary>How a number was obtained. One series never mixes kinds, and every artifact states its kind.</summary>
public enum EvidenceKind
{
    /// <summary>Computed by the simulated engine.</summary>
    Simulated,

    /// <summary>Read from real hardware running a real engine.</summary>
    Measured,

    /// <summary>Read from a real engine under load, but with energy from a power model in place of a meter.</summary>
    Estimated,
}

/// <summary>Decides the evidence kind of a run.</summary>
public static class EvidenceKinds
{
    /// <summary>The evidence kind of a run whose energy is known.</summary>
    /// <remarks>
    /// A simulated run stays simulated. A load that was measured is measured if a meter gives its energy, and estimated if a power model
    /// gives any part of it. Records that were written before there were estimated runs call them measured; this corrects them.
    /// </remarks>
    /// <param name="recorded">The kind that the record states.</param>
    /// <param name="isEnergyEstimated">
    /// Whether a power model gives any part of the energy of the run; <c>null</c> where the run has no energy, which keeps the stated kind.
    /// </param>
    public static EvidenceKind WithEnergy(this EvidenceKind recorded, bool? isEnergyEstimated) => (recorded, isEnergyEstimated) switch
    {
        (EvidenceKind.Simulated, _) or (_, null) => recorded,
        (_, true) => EvidenceKind.Estimated,
        (_, false) => EvidenceKind.Measured,
    };
}
