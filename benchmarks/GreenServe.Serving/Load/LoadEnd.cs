namespace GreenServe.Serving.Load;

/// <summary>What becomes of requests in flight when the last one has been sent.</summary>
public enum LoadEnd
{
    /// <summary>They are waited for. The measurement window has ended by then, so that the falling load biases nothing.</summary>
    Drain,

    /// <summary>They are cancelled, and recorded as that.</summary>
    Cancel,
}
