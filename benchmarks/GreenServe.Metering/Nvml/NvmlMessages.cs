namespace GreenServe.Metering.Nvml;

/// <summary>Explains each NVML return code to a user who wants to measure, and says what to do about it.</summary>
internal static class NvmlMessages
{
    /// <summary>Says what an answer means.</summary>
    internal static string Of(NvmlReturn answer) => answer switch
    {
        NvmlReturn.Success => "read",
        NvmlReturn.Uninitialized => "NVML was shut down while it was in use",
        NvmlReturn.InvalidArgument => "NVML refused the arguments of the call",
        NvmlReturn.NotSupported => "this GPU or driver does not offer it (virtual GPUs and GPUs before Volta have no energy counter)",
        NvmlReturn.NoPermission => "the driver wants more permission for it: run as root or as an administrator",
        NvmlReturn.AlreadyInitialized => "NVML was initialised twice",
        NvmlReturn.NotFound => "there is no such GPU or field",
        NvmlReturn.InsufficientSize => "the driver has more to say than the call has room for",
        NvmlReturn.InsufficientPower => "a power cable of the GPU is not connected",
        NvmlReturn.DriverNotLoaded => "the NVIDIA driver is not loaded: modprobe nvidia, or reboot after an installation",
        NvmlReturn.Timeout => "the driver did not answer in time",
        NvmlReturn.IrqIssue => "the kernel has an interrupt problem with the GPU: see dmesg",
        NvmlReturn.LibraryNotFound =>
            "libnvidia-ml.so.1 (nvml.dll on Windows) is not there: install the NVIDIA driver, in a container run with the NVIDIA runtime",
        NvmlReturn.FunctionNotFound => "this driver is too old for it: install a newer NVIDIA driver",
        NvmlReturn.CorruptedInforom => "the GPU's infoROM is corrupted, its readings cannot be trusted",
        NvmlReturn.GpuIsLost => "the GPU has fallen off the bus or is otherwise lost: see dmesg, then reset it or reboot",
        NvmlReturn.ResetRequired => "the GPU needs a reset before it answers again",
        NvmlReturn.OperatingSystem => "the GPU is blocked by the operating system, for example by a control group",
        NvmlReturn.LibraryVersionMismatch =>
            "the NVML library and the loaded kernel driver are of different versions: reboot, or reload the driver",
        NvmlReturn.InUse => "the GPU is in use by someone else for this",
        NvmlReturn.Memory => "the driver has no memory left for the answer",
        NvmlReturn.NoData => "the driver has no data yet",
        NvmlReturn.VgpuEccNotSupported => "not possible for this virtual GPU because error correction is on",
        NvmlReturn.InsufficientResources => "the driver has run out of a resource other than memory",
        NvmlReturn.FrequencyNotSupported => "the GPU does not support this frequency",
        NvmlReturn.ArgumentVersionMismatch => "the driver knows another version of this call's arguments",
        NvmlReturn.Deprecated => "the driver has given up this function",
        NvmlReturn.NotReady => "the system is not ready for it yet",
        NvmlReturn.GpuNotFound => "the driver found no GPU",
        NvmlReturn.InvalidState => "the GPU is not in a state that allows it",
        NvmlReturn.ResetTypeNotSupported => "the GPU does not support this kind of reset",
        NvmlReturn.Unknown => "the driver reports an internal error",
        _ => $"NVML answered with code {(int)answer}, which this version does not know",
    };

    /// <summary>Makes a failed reading. Only a lost GPU breaks a counter: the counter begins at zero when the GPU comes back.</summary>
    /// <param name="answer">What NVML answered.</param>
    /// <param name="what">What was read, for people.</param>
    internal static ReadingFailure Failure(NvmlReturn answer, string what) =>
        new(Code(answer), $"{what}: {Of(answer)}", answer is NvmlReturn.GpuIsLost or NvmlReturn.ResetRequired);

    private static string Code(NvmlReturn answer) => answer switch
    {
        NvmlReturn.GpuIsLost or NvmlReturn.ResetRequired => "gpu-lost",
        NvmlReturn.NoPermission => "no-permission",
        NvmlReturn.NotSupported or NvmlReturn.FunctionNotFound => "not-supported",
        _ => "read-failed",
    };
}
