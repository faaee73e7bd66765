namespace OrleansBackup.Microsoft365.Tests.Fixtures;

/// <summary>Waits for something that other threads bring about; says what it waited for when it never comes.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"It never came true that {what}.");
            await Hang.MomentAsync();
        }
    }
}
