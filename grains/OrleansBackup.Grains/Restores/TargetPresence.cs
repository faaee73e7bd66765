using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Restores;

/// <summary>
/// Tells an item that cannot be written from a target that is gone as a whole: the services say the same word for both, and a job whose target is gone ends
/// there instead of failing item by item to its last one.
/// </summary>
/// <param name="check">Throws when the target cannot be used any more.</param>
internal sealed class TargetPresence(Func<CancellationToken, Task> check)
{
    private bool _isChecked;

    /// <summary>With a new page the target may be doubted again, once.</summary>
    public void BeginPage() => _isChecked = false;

    /// <summary>Looks whether the target is still there, when something in it was not, or would not be written.</summary>
    /// <exception cref="GraphException">It is not.</exception>
    public async Task DoubtAsync(Exception exception, CancellationToken cancellation)
    {
        if (exception is ItemGoneException or GraphRefusedException { Status: 403 or 423 })
            await CheckAsync(cancellation);
    }

    /// <summary>Looks whether the target is still there, unless it was looked at on this page.</summary>
    /// <exception cref="GraphException">It is not.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (_isChecked)
            return;
        _isChecked = true;
        await check(cancellation);
    }
}
