using System.Text.Json.Serialization;

namespace GreenServe.Workloads.Experiments;

/// <summary>What serves the requests.</summary>
public enum BackendKind
{
    /// <summary>The simulated engine in virtual time.</summary>
    Simulated,

    /// <summary>The built-in reference engine: real inference.</summary>
    Engine,

    /// <summary>Any server with an OpenAI-compatible interface.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAI,
}
