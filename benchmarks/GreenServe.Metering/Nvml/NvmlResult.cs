namespace GreenServe.Metering.Nvml;

/// <summary>An answer with its value; the value means nothing unless the answer is success.</summary>
internal readonly record struct NvmlResult<T>(NvmlReturn Return, T Value)
{
    internal bool IsSuccess => Return == NvmlReturn.Success;
}
