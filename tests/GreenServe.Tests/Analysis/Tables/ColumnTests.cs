using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Tables;

public sealed class ColumnTests
{
    [Fact]
    public void Legend_IsTheNameInWords_UnlessAnotherIsGiven()
    {
        Assert.Equal("gpus used", new NumberColumn("gpus_used").Legend);
        Assert.Equal("GPUs", new NumberColumn("gpus_used") { Legend = "GPUs" }.Legend);
    }

    [Fact]
    public void Equals_ComparesNames_WhateverTheKind() => Assert.Equal<Column>(new NumberColumn("batch"), new TextColumn("batch"));
}
