namespace GreenServe.Metering.HostProbes;

/// <summary>Launches empty kernels on a GPU. Disposal gives back what it takes of the GPU.</summary>
internal interface IKernelLauncher : IDisposable
{
    /// <summary>The GPU, as its driver calls it.</summary>
    string Gpu { get; }

    /// <summary>Launches some kernels one after the other, and waits for none of them.</summary>
    /// <param name="count">Number of kernels.</param>
    void Launch(int count);

    /// <summary>Waits until every kernel has run.</summary>
    void Wait();
}
