namespace GreenServe.Metering.Nvml;

/// <summary>The outcome of an NVML call. Source: NVML API reference, nvmlReturn_t.</summary>
internal enum NvmlReturn
{
    Success = 0,
    Uninitialized = 1,
    InvalidArgument = 2,
    NotSupported = 3,
    NoPermission = 4,
    AlreadyInitialized = 5,
    NotFound = 6,
    InsufficientSize = 7,
    InsufficientPower = 8,
    DriverNotLoaded = 9,
    Timeout = 10,
    IrqIssue = 11,
    LibraryNotFound = 12,
    FunctionNotFound = 13,
    CorruptedInforom = 14,
    GpuIsLost = 15,
    ResetRequired = 16,
    OperatingSystem = 17,
    LibraryVersionMismatch = 18,
    InUse = 19,
    Memory = 20,
    NoData = 21,
    VgpuEccNotSupported = 22,
    InsufficientResources = 23,
    FrequencyNotSupported = 24,
    ArgumentVersionMismatch = 25,
    Deprecated = 26,
    NotReady = 27,
    GpuNotFound = 28,
    InvalidState = 29,
    ResetTypeNotSupported = 30,
    Unknown = 999,
}

/// <summary>The outcome of an NVML call with its value.</summary>
/// <param name="Return">The outcome.</param>
/// <param name="Value">The value. It means nothing unless the call succeeded.</param>
internal readonly record struct NvmlResult<T>(NvmlReturn Return, T Value)
{
    internal bool IsSuccess => Return == NvmlReturn.Success;
}
