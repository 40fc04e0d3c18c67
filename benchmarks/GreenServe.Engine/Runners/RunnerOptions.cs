using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Engine.Runners;

/// <summary>What every runner needs to load a decoder.</summary>
/// <param name="Shape">The decoder.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Slots">Sequences that fit at once, at least 1.</param>
/// <param name="ContextTokens">Longest sequence (tokens), at most the model's own context.</param>
public sealed record RunnerOptions(DecoderShape Shape, IWeightSource Weights, int Slots, int ContextTokens);
