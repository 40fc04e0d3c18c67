namespace GreenServe.Tests.Cli;

/// <summary>A workload file of twenty requests in 0.4 s.</summary>
internal static class SmallWorkload
{
    /// <summary>For the simulated engine, with a model of its catalog.</summary>
    internal const string OfTheCatalog = Head + "model: llama-2-7b" + Load;

    /// <summary>For the built-in server that simulates, whose model has this name.</summary>
    internal const string OfTheServer = Head + "model: simulated" + Load;

    private const string Head = "name: small\npurpose: a test\nsource: this test\n";

    private const string Load = "\narrival: { kind: constant, requests_per_second: 50 }\n"
        + "lengths: { kind: independent, input: { kind: fixed, tokens: 20 }, output: { kind: fixed, tokens: 8 } }\nrequests: 20";
}
