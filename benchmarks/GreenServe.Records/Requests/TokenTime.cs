namespace GreenServe.Records.Requests;

/// <summary>The time at which one output token was received; one row of the optional <c>tokens.csv</c>.</summary>
/// <param name="RequestId">Number of the request in the schedule, from 0.</param>
/// <param name="Index">Number of the token in the output, from 0. Tokens of one chunk share a time.</param>
/// <param name="Seconds">Time of the token (s from the start of the run).</param>
public readonly record struct TokenTime(long RequestId, int Index, double Seconds);
