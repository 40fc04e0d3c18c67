using System.Reflection;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Serving.Servers;

namespace GreenServe.Tests.Records.Documents;

public sealed class EnumTextTests
{
    public static TheoryData<Type> Enums => [.. new[] { typeof(EnumText).Assembly, typeof(ServerPreset).Assembly }
        .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.IsEnum)];

    [Theory]
    [MemberData(nameof(Enums))]
    public void Of_IsWhatDocumentsWrite_ForEveryValue(Type type)
    {
        MethodInfo of = typeof(EnumText).GetMethod(nameof(EnumText.Of))!.MakeGenericMethod(type);

        Assert.All(
            Enum.GetValues(type).Cast<object>(),
            value => Assert.Equal(JsonSerializer.Serialize(value, type, DocumentContract.Options), $"\"{of.Invoke(null, [value])}\""));
    }

    [Fact]
    public void TryParse_ReadsTheNameOfDocuments()
    {
        Assert.True(EnumText.TryParse("gpu-memory", out MeterScope scope));
        Assert.Equal(MeterScope.GpuMemory, scope);
    }

    [Theory]
    [InlineData("GpuMemory")]
    [InlineData("gpu_memory")]
    [InlineData("")]
    public void TryParse_IsFalse_WhenTheNameIsAnother(string text) => Assert.False(EnumText.TryParse(text, out MeterScope _));

    [Fact]
    public void Of_Throws_WhenTheEnumHasNoSuchValue() => Assert.Throws<KeyNotFoundException>(() => EnumText.Of((EvidenceKind)99));
}
