@echo off
rem Starts Handover from its build folder, without Maven.
rem HANDOVER_JAVA_HOME or JAVA_HOME names another JDK; HANDOVER_JAVA_OPTS gives it more flags.
setlocal
for %%d in ("%~dp0..") do set "HOME_DIR=%%~fd"

set "JDK="
call :try "%HANDOVER_JAVA_HOME%"
if not defined JDK call :try "%JAVA_HOME%"
if not defined JDK call :try "@JAVA_HOME@"
if not defined JDK (
    echo handover: needs a JDK @JAVA_MAJOR@ or newer; install one and set HANDOVER_JAVA_HOME to its folder 1>&2
    exit /b 1
)

rem What the build's training run has loaded, linked and profiled makes Handover start twice as fast, and its write
rem pause shorter. Java refuses it when the folder was moved or copied, or for another JDK, and would then go without
rem its own archive too.
set "ARCHIVE=-Xshare:auto"
if /i "%HOME_DIR%:%JDK%"=="@HOME@:@JAVA_HOME@" set "ARCHIVE=-XX:AOTCache=%HOME_DIR%\cache\handover.aot"

set OPTIONS="@%HOME_DIR%\bin\commands.options"
if "%~1"=="" set "OPTIONS="
if "%~1"=="demo" set "OPTIONS="
if not exist "%HOME_DIR%\bin\commands.options" set "OPTIONS="

"%JDK%\bin\java.exe" ^
@JVM_FLAGS@
    "%ARCHIVE%" --add-modules=@ADD_MODULES@ %OPTIONS% ^
    "-Dhandover.home=%HOME_DIR%" ^
    %HANDOVER_JAVA_OPTS% ^
    --module-path "%HOME_DIR%\lib" ^
    --module @MAIN@ %*
exit /b %ERRORLEVEL%

rem Takes the folder %1 if a JDK @JAVA_MAJOR@ or newer is there
:try
set "MAJOR=0"
if "%~1"=="" exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "usebackq tokens=1,2 delims==." %%n in ("%~1\release") do if "%%n"=="JAVA_VERSION" set "MAJOR=%%o"
set "MAJOR=%MAJOR:"=%"
if %MAJOR% GEQ @JAVA_MAJOR@ set "JDK=%~1"
exit /b 0
