namespace GreenServe.Simulation.Runs;

/// <summary>What an instance works on at a moment.</summary>
/// <param name="DecodingRequests">Number of requests that decode.</param>
/// <param name="ContextTokens">Number of tokens in their contexts.</param>
/// <param name="CacheFillRatio">Share of the blocks of the key-value cache that are in use, a ratio from 0 to 1.</param>
/// <param name="PrefilledTokens">Number of tokens that were processed of prompts which are not complete yet.</param>
internal readonly record struct ReplicaLoad(int DecodingRequests, long ContextTokens, double CacheFillRatio, int PrefilledTokens);
