namespace GreenServe.Analysis.Comparison;

/// <summary>What a comparison says about a metric.</summary>
public enum ChangeVerdict
{
    /// <summary>It changed for the better, by more than the practical threshold.</summary>
    Better,

    /// <summary>Whatever it changed is smaller than the practical threshold.</summary>
    Same,

    /// <summary>It changed for the worse, by more than the practical threshold.</summary>
    Worse,

    /// <summary>The repetitions do not suffice to say.</summary>
    CannotTell,
}
