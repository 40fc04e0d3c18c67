namespace GreenServe.Metering.Rapl;

/// <summary>The kernel's performance counters, so that a test can stand in for them.</summary>
internal interface IPerfEvents
{
    /// <summary>Opens a counter that counts on one processor whoever runs there.</summary>
    /// <param name="type">Number of the unit that counts.</param>
    /// <param name="configuration">The event.</param>
    /// <param name="processor">Number of the processor.</param>
    /// <returns>A handle of zero or more, or the negative error number.</returns>
    int Open(uint type, ulong configuration, int processor);

    /// <summary>The counter's value; <c>null</c> if it cannot be read.</summary>
    ulong? Read(int handle);

    /// <summary>Gives the counter back.</summary>
    void Close(int handle);
}
