namespace GreenServe.Engine.Onnx;

/// <summary>Element types of ONNX tensors that the decoder uses, with their numbers in <c>TensorProto.DataType</c>.</summary>
internal enum OnnxElement
{
    Float32 = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
}
