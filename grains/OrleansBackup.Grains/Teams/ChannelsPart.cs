using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Teams;

/// <summary>What is said in the channels of a team. Needs Microsoft's approval of the application besides the permission.</summary>
internal sealed class ChannelsPart(TeamReader reader) : IRunPart
{
    public string Name => TeamItems.Channels;

    public bool IsEssential => false;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        try
        {
            await new ChannelsRun(session, reader).BackUpAsync(cancellation);
        }
        catch (TeamUnavailableException exception) when (exception.Problem == TeamProblem.AccessDenied)
        {
            session.Lack(Name, exception.Message); // the team is open, its messages are not
        }
    }
}
