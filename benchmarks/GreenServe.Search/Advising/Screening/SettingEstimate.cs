namespace GreenServe.Search.Advising.Screening;

/// <summary>What a setting is estimated to do, without a simulation. It ranks settings and is never shown as a result.</summary>
/// <param name="JoulesPerOutputToken">Energy of an output token (J).</param>
/// <param name="MeanWatts">Mean power of the accelerators that are used (W).</param>
/// <param name="OutputTokensPerSecond">Output tokens per second (tokens/s).</param>
/// <param name="Gpus">Accelerators that are used.</param>
/// <param name="WorstRatio">Largest latency over its limit, of all limits; above 1 where the load is too much.</param>
public readonly record struct SettingEstimate(
    double JoulesPerOutputToken, double MeanWatts, double OutputTokensPerSecond, int Gpus, double WorstRatio);
