namespace GreenServe.Serving.OpenAi;

/// <summary>How requests are spread over several endpoints.</summary>
public enum EndpointBalance
{
    /// <summary>Each request goes to the next endpoint, by its number in the schedule.</summary>
    RoundRobin,

    /// <summary>
    /// Each request goes to the endpoint with the fewest requests in flight; the first of them in the order given. An endpoint that fails
    /// at once always has the fewest.
    /// </summary>
    LeastInFlight,
}
